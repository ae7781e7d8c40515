/** The workshop's error messages, extracted from the source, so that tests can compare the docs with them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../../checkers/root.ts';
import { otherSystemMessage } from '../../linux/platform.ts';

/** Errors whose text a person reads. */
const THROWN = new Set([
  'WordsError',
  'CannotRun',
  'RangeError',
  'BatchError',
  'CannotSoak',
  'RubricError',
  'RosterError',
  'NoSubmissions',
  'IsolationError',
]);
/** Calls that print an error to a person. */
const PRINTED = new Set(['process.stderr.write', 'console.error']);
/** A text with fewer letters is not a message but a frame around one. */
const LEAST_LETTERS = 12;

/** A message, with … for what differs. */
export interface Message {
  file: string;
  text: string;
}

/** Every message that can be found. */
export function messages(): Message[] {
  const found = sources().flatMap((file) => messagesOf(file, readFileSync(join(root, file), 'utf8')));
  // A message from a list of lines; the first line says what is wrong.
  found.push({ file: 'linux/platform.ts', text: otherSystemMessage('…').split('\n')[0] ?? '' });
  return found.filter(({ text }, index) => found.findIndex((other) => other.text === text) === index);
}

function sources(): string[] {
  const within = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
      .filter((name) => /\.(ts|[cm]js)$/.test(name) && !/(\.test|fixtures)\.ts$/.test(name));
  return [
    ...within('scripts'),
    ...within('checkers/kernel'),
    ...within('checkers/trace'),
    ...within('checkers/harness'),
    ...within('checkers/course'),
    ...within('checkers/run'),
    ...within('checkers/progress'),
    ...within('checkers/grade/batch'),
    ...within('checkers/grade/contract'),
    ...within('checkers/grade/queue'),
    ...within('checkers/grade/intake'),
    ...within('checkers/grade/isolation'),
    ...within('checkers/grade/rubric'),
    ...within('checkers/race'),
    ...within('checkers/soak'),
    ...within('linux'),
    'stages/todo.ts',
  ];
}

/** The messages of one file. */
export function messagesOf(file: string, source: string): Message[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isNewExpression(node) && THROWN.has(node.expression.getText(tree))) collect(node.arguments ?? []);
    if (ts.isCallExpression(node) && PRINTED.has(node.expression.getText(tree))) collect(node.arguments);
    ts.forEachChild(node, visit);
  };
  const collect = (nodes: readonly ts.Node[]) => {
    for (const node of nodes) found.push(...(calledFunction(node, tree) ?? texts(node)));
  };
  visit(tree);
  return found.filter(isMessage).map((text) => ({ file, text }));
}

/** The texts that a function of the same file returns, where a message is made by one. */
function calledFunction(node: ts.Node, tree: ts.SourceFile): string[] | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined;
  const name = node.expression.text;
  const declared = tree.statements.find(
    (statement) => ts.isFunctionDeclaration(statement) && statement.name?.text === name,
  );
  if (declared === undefined) return [];
  const returned: string[] = [];
  const visit = (inner: ts.Node) => {
    if (ts.isReturnStatement(inner) && inner.expression) returned.push(...texts(inner.expression));
    ts.forEachChild(inner, visit);
  };
  visit(declared);
  return returned;
}

/** The strings in an expression; inserted values become '…'. */
function texts(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [[node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')];
  }
  const inner: string[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...texts(child));
  });
  return inner;
}

function isMessage(text: string): boolean {
  return text.replaceAll(/[^\p{L}]/gu, '').length >= LEAST_LETTERS;
}

/** A message as shown in a page: on one line, trimmed. */
export function asShown(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replace(/^[…: ]+|(?<=[.?!])[… ]+$/g, '')
    .replaceAll(/…+/g, '…')
    .trim();
}
