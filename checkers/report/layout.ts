/** Text in columns of a terminal. */

/** The longest line; longer ones are hard to read on a wide screen. */
const WIDEST = 96;

/** The width of a report; a terminal of unknown size reports 0. */
export function width(columns: number | undefined): number {
  return Math.max(40, Math.min(columns || 80, WIDEST));
}

/** Joins the words of a command while text is wrapped; printed as a blank. */
const HELD = '\u00a0';

/** Possible arguments of the course's commands: numbers, paths, quoted text, and known words. */
const ARGUMENT = [
  String.raw`(?:seed|resume) [0-9a-f]{1,16}\b`,
  String.raw`\d+(?:\.\d+)*\b`,
  String.raw`(?:solution|only|json|diff|map|mine|yes|restore|stage|tricks|apart|busy|traced|quick|all|build|sync|base|self-test)\b`,
  '--[a-z-]*',
  `"[^"]*"`,
  `'[^']*'`,
  String.raw`[\w.-]*/(?:[\w./-]*[\w/])?`,
].join('|');
/** Commands in sentences. Commands are short, so longer quoted text is something else. */
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

/** A command as one word, so that no line break splits it. */
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

/** A message in lines that fit a terminal; without a terminal unchanged, since its reader wraps lines itself. */
export function fitted(message: string, columns: number | undefined): string {
  if (!columns) return message;
  const lines = message.split('\n');
  return lines.flatMap((line) => (line.startsWith(' ') ? [line] : wrap(line, width(columns)))).join('\n');
}

/**
 * A paragraph with a label before its first line and the other lines below the text. A command or a path that is too long
 * for this width starts further to the left, below the label, so that the terminal does not break it.
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

/** A program's output, made safe for a terminal: no escape sequences, no control characters. */
export function printable(text: string): string {
  return text.replace(escapes, '').replaceAll('\t', '  ').replace(controls, '');
}
