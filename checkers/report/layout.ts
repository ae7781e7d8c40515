/** Text in columns of a terminal. */

/** Lines are at most this long, or they would be hard to read on a wide screen. */
const WIDEST = 96;

/** Columns that a report may use; a terminal that does not know its size says 0. */
export function width(columns: number | undefined): number {
  return Math.max(40, Math.min(columns || 80, WIDEST));
}

/**
 * Breaks text into lines between words. A word that is longer than a line stays whole: commands and paths are copied.
 *
 * @param text one paragraph
 * @param room characters in a line
 */
export function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

/** A paragraph with a label before its first line and the others below the text. */
export function labelled(label: string, labelWidth: number, text: string, columns: number): string[] {
  return wrap(text, columns - labelWidth).map((line, index) => (index === 0 ? label : '').padEnd(labelWidth) + line);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const escapes = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|.)/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a program printed, made harmless for a terminal: no escape sequences, no control characters. */
export function printable(text: string): string {
  return text.replace(escapes, '').replaceAll('\t', '  ').replace(controls, '');
}
