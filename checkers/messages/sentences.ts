/** Finds text for people in source code: what reads like a sentence, or like a piece of one. */
import ts from 'typescript';

/** Calls whose text is compared, looked up, or a command: no person reads it. */
const LOOKS =
  'includes startsWith endsWith indexOf split replace replaceAll match test has get join matches closest matchMedia';
const RUNS = 'spawn spawnSync execFile execFileSync execSync';
/** Calls whose text goes over a socket, or names bytes that do. */
const SENDS = 'from payload message lineOf letters exchange visit';
/** koffi's call for a declaration in C. */
const DECLARES = 'func';
const NOT_READ = new Set(`${LOOKS} ${RUNS} ${SENDS} ${DECLARES}`.split(' '));
const COMPARED = new Set([
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
  ts.SyntaxKind.InKeyword,
]);

/** A string, or a template. */
export type Text = ts.StringLiteralLike | ts.TemplateExpression;

export function isText(node: ts.Node): node is Text {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** What it says, with … for what differs. */
export function saying(node: Text): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}

/** Two words, or a word and something that is put in, with a space between them. */
export function isSentence(said: string): boolean {
  if (/^\s*(npm|node|npx|git|python3|sudo)\b|^#!|HTTP\/1/.test(said) || /<\/?[a-z!][^>]*>?/i.test(said)) return false;
  const word = "[('\"“`]*(\\p{L}[\\p{L}'’-]*\\p{Ll}|[aAI])(\\(\\))?[.,:;!?)'\"”`]*";
  const other = '[(\'"“`\\[]*[…\\d][^ ]*';
  return new RegExp(`(^|\\s)(${word}\\s+(${word}|${other})|${other}\\s+${word})(\\s|$)`, 'u').test(said);
}

/** The texts of a source file that read like a sentence, the outer ones before those that are put into them. */
export function sentencesOf(tree: ts.SourceFile): Text[] {
  const found: Text[] = [];
  const visit = (node: ts.Node) => {
    if (isText(node) && isRead(node) && isSentence(saying(node))) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** The texts of a source file with tags and, between them, a word that the page shows. */
export function shownByPages(tree: ts.SourceFile): Text[] {
  const found: Text[] = [];
  const visit = (node: ts.Node) => {
    if (isText(node) && /\p{L}{2}/u.test(betweenTags(saying(node)))) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Nothing of a text without tags: whether that is shown cannot be told from it. */
function betweenTags(said: string): string {
  return /<\/?[a-z][^>]*>/i.test(said) ? said.replace(/<[^>]*(>|$)|^[^<]*>/g, ' ') : '';
}

/** Whether a person may come to read it, as far as its place tells. */
function isRead(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isLiteralTypeNode(parent)) return false;
  if (ts.isTaggedTemplateExpression(parent) || ts.isCaseClause(parent) || ts.isElementAccessExpression(parent))
    return false;
  if (ts.isPropertyAssignment(parent) && (parent.name === node || parent.name.getText() === 'class')) return false;
  if (ts.isBinaryExpression(parent) && COMPARED.has(parent.operatorToken.kind)) return false;
  if (ts.isBinaryExpression(parent) && parent.left.getText().endsWith('.className')) return false;
  if (isInternal(parent)) return false;
  if (ts.isCallExpression(parent)) return !NOT_READ.has(nameOf(parent.expression));
  return true;
}

/** A fault of our own, which no person is meant to see. */
function isInternal(node: ts.Node): boolean {
  return ts.isNewExpression(node) && ['Error', 'RegExp', 'TypeError', 'Set'].includes(node.expression.getText());
}

function nameOf(called: ts.Expression): string {
  return ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
}
