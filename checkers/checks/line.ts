/** Lines that a client sends, and what a server of stages 1 to 3 answers. */
import type { Harness } from '../harness/harness.ts';
import type { Peer } from '../harness/peer.ts';

const FIRST_LETTER = 'a'.charCodeAt(0);
const LETTERS = 26;
const NEWLINE = 0x0a;

/** Letters that depend on seed and label. ASCII, so a program may count characters or bytes. */
export function letters(harness: Harness, label: string, length: number): string {
  return [...harness.payload(label, length)]
    .map((byte) => String.fromCharCode(FIRST_LETTER + (byte % LETTERS)))
    .join('');
}

/** A line of that many letters, with its newline. */
export function lineOf(harness: Harness, label: string, length = 9): Buffer {
  return Buffer.from(`${letters(harness, label, length)}\n`);
}

/** A short line with blanks around it and a carriage return at its end: text that a program must not trim. */
export function untidyLine(harness: Harness): Buffer {
  return Buffer.from(` \t${letters(harness, 'untidy', 4)} ${letters(harness, 'tidy', 3)}\t \r\n`);
}

/** A short line of capitals and small letters. */
export function mixedLine(harness: Harness): Buffer {
  return Buffer.from(`${letters(harness, 'capitals', 5).toUpperCase()}${letters(harness, 'small', 5)}\n`);
}

/** A line with every byte but the newline in it, each once, in an order of the seed. */
export function lineOfEveryByte(harness: Harness): Buffer {
  const ranks = harness.payload('every byte', 2 * 256);
  const bytes = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== NEWLINE);
  bytes.sort((a, b) => ranks.readUInt16BE(2 * a) - ranks.readUInt16BE(2 * b) || a - b);
  return Buffer.from([...bytes, NEWLINE]);
}

/** The answers to whole lines: each reversed, its newline still at its end. */
export function answerTo(lines: Buffer): Buffer {
  const answer = Buffer.from(lines);
  let start = 0;
  for (let end = answer.indexOf('\n'); end !== -1; end = answer.indexOf('\n', start)) {
    answer.subarray(start, end).reverse();
    start = end + 1;
  }
  return answer;
}

/** Waits for the answers to these lines. */
export function expectAnswer(client: Peer, lines: Buffer): Promise<void> {
  const several = lines.indexOf('\n') < lines.length - 1;
  return client.expect(answerTo(lines), {
    due: several ? 'each of its lines reversed' : 'its line reversed',
  });
}

/** Sends lines and waits for their answers. */
export async function ask(client: Peer, lines: Buffer): Promise<void> {
  await Promise.all([client.send(lines), expectAnswer(client, lines)]);
}

/** Sends bytes piece by piece, so that the server receives each piece separately. */
export async function sendPieces(harness: Harness, client: Peer, pieces: Buffer[]): Promise<void> {
  for (const piece of pieces) {
    await client.send(piece);
    await harness.quiet(PIECE_MS);
  }
}

/** Delay before the next piece, in ms. On a slow machine two pieces may merge, which is no failure of the program. */
const PIECE_MS = 15;

/** Cuts bytes into that many pieces of about the same size. */
export function cut(bytes: Buffer, count: number): Buffer[] {
  const size = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
