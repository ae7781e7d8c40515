/** Programs as tokens, whatever their language: white space and comments are gone, and names, texts and numbers are alike. */

/** One token, and the line that it is on, from 1. */
export interface Token {
  /** what two programs are compared by */
  word: string;
  line: number;
}

/** These stay as they are; every other name may have been changed. */
const KEYWORDS = new Set(
  `abstract and as assert async await bool break case catch char class const continue def default defer del do double elif
  else enum except export extends false final finally float fn for from func function go if impl import in int interface
  lambda let long loop match mod mut namespace new nil none not null number or package pass private protected public pub
  raise range return select self short signed sizeof static string struct super switch template this throw throws trait
  true try type typedef typeof undefined union unsafe unsigned use using var virtual void volatile while with yield`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** In the order of trying. A text may run over lines only in backquotes or three quotes. */
const PARTS =
  /(?<skip>\s+|\/\/.*|\/\*[\s\S]*?(?:\*\/|$))|(?<text>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`(?:[^`\\]|\\[\s\S])*`?)|(?<number>\d[\w.]*)|(?<name>[\p{L}_$][\p{L}\p{N}_$]*)|(?<other>[\s\S])/gu;
/** Languages in which # begins a comment. */
const WITH_HASH = /\.(py|rb|sh|pl|r|ex|exs|nim)$/i;
const withHash = new RegExp(`(?<comment>#.*)|${PARTS.source}`, 'gu');

/**
 * The tokens of a program.
 *
 * @param name of its file, which tells how comments begin
 */
export function tokensOf(text: string, name: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(WITH_HASH.test(name) ? withHash : PARTS)) {
    const word = wordOf(match.groups ?? {});
    if (word !== undefined) tokens.push({ word, line });
    line += match[0].split('\n').length - 1;
  }
  return tokens;
}

function wordOf({ text, number, name, other }: Record<string, string | undefined>): string | undefined {
  if (text !== undefined) return '""';
  if (number !== undefined) return '0';
  if (name !== undefined) return KEYWORDS.has(name) ? name : 'n';
  // A semicolon at the end of a line is a matter of taste.
  return other === ';' ? undefined : other;
}
