/** Text in columns of a terminal. */

/** Lines are at most this long, or they would be hard to read on a wide screen. */
const WIDEST = 96;

/** Columns that a report may use; a terminal that does not know its size says 0. */
export function width(columns: number | undefined): number {
  return Math.max(40, Math.min(columns || 80, WIDEST));
}

/** Holds the words of a command together while text is broken into lines; a blank again in what is printed. */
const HELD = '\u00a0';

/** What may follow the name of a command of the course: numbers, paths, quoted text, and the words that commands know. */
const ARGUMENT = [
  String.raw`(?:seed|resume) [0-9a-f]{1,16}\b`,
  String.raw`\d+(?:\.\d+)*\b`,
  String.raw`(?:solution|only|json|diff|map|mine|yes|restore|stage|tricks|apart|busy|traced|quick|all|build|sync|base|self-test)\b`,
  '--[a-z-]*',
  `"[^"]*"`,
  `'[^']*'`,
  String.raw`[\w.-]*/(?:[\w./-]*[\w/])?`,
].join('|');
/** Commands as they stand in sentences. What is typed is short: a long piece in quotes is something else. */
const COMMAND = new RegExp(
  [
    String.raw`"(?:[A-Z_]+=\S+ )*(?:npm|npx|node|git|apt-get|sudo|docker|chmod) [^"\n]{1,60}"`,
    '`[^`\\n]{1,60}`',
    String.raw`(?:\b[A-Z][A-Z_]*=\S+ )*\bnpm run [a-z][a-z:-]*(?: (?:${ARGUMENT}))*`,
    String.raw`\bnpm (?:install|ci|test)\b`,
    String.raw`(?:\bsudo )?\bapt-get (?:install|update)(?: -\w+)*(?: [a-z][\w+-]*)?`,
    String.raw`\bnvm install \d+`,
    String.raw`\bchmod \+x \S+`,
  ].join('|'),
  'g',
);

/** A command as one word: no line ends inside. */
export function unbroken(command: string): string {
  return command.replaceAll(' ', HELD);
}

/**
 * Breaks text into lines between words. A command is one word, and a word that is longer than a line stays whole:
 * commands and paths are copied.
 *
 * @param text one paragraph
 * @param room characters in a line
 */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.replace(COMMAND, unbroken).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => each.replaceAll(HELD, ' '));
}

/** A message in lines that fit a terminal; as it is where there is none: what reads it breaks lines by itself. */
export function fitted(message: string, columns: number | undefined): string {
  if (!columns) return message;
  const lines = message.split('\n');
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, width(columns)))).join('\n');
}

/**
 * A paragraph with a label before its first line and the others below the text. A command or a path that is too long for
 * the room there begins further to the left, below the label: the terminal would break it where it fits in a line.
 */
export function labelled(label: string, labelWidth: number, text: string, columns: number): string[] {
  return wrap(text, columns - labelWidth).flatMap((line, index) => {
    const head = index === 0 ? label : '';
    if (line.length <= columns - labelWidth) return [head.padEnd(labelWidth) + line];
    const indented = ' '.repeat(Math.max(0, columns - line.length)) + line;
    return head.trim() === '' ? [indented] : [head, indented];
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a program printed, made harmless for a terminal: no escape sequences, no control characters. */
export function printable(text: string): string {
  return text.replace(escapes, '').replaceAll('\t', '  ').replace(controls, '');
}
