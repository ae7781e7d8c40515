/** Text from submissions and rosters, made harmless before it is put into any format. */
import { printable } from '../../report/layout.ts';

/** Invisible characters and those that change the writing direction: they could make one text look like another. */
const invisible = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/g;

/** Without escape sequences, control characters, invisible characters, or halves of characters. */
export function plainText(text: string): string {
  return printable(text.replaceAll('\r\n', '\n'))
    .replace(invisible, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text.replace(/[\r\n\t]+/g, ' ')).trim();
}
