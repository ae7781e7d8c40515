/** What every line server must do: in stage 1 for one client, in stage 3 for each of many. */
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import { SLOW_BUFFER, SLOW_PACE, SLOW_START_MS } from '../bulk.ts';
import {
  ask,
  cut,
  expectAnswer,
  letters,
  lineOf,
  lineOfEveryByte,
  mixedLine,
  sendPieces,
  untidyLine,
} from '../line.ts';

/** How long to wait for unexpected bytes, in ms. */
const QUIET_MS = 50;
const LONG = 20_000;
/** More than the kernel's buffers on the path to a slow reader hold. */
const MANY_LINES = 600;
const LINE_LENGTH = 8000;

/** A line, an empty one, and one of two letters: each comes back, and nothing else. */
export async function answersLines(harness: Harness, client: Peer): Promise<void> {
  const line = lineOf(harness, 'first line');
  harness.step(`sent the line ${JSON.stringify(line.toString())}`);
  await ask(client, line);
  harness.step('waited to see whether anything else comes');
  await client.expectSilence(QUIET_MS);
  harness.step('sent a shorter line, then an empty one, then a longer one');
  await ask(client, lineOf(harness, 'shorter', 2));
  await ask(client, Buffer.from('\n'));
  await ask(client, lineOf(harness, 'longer', 25));
  await client.expectSilence(0);
}

/** Several lines at once. */
export async function answersSeveralAtOnce(harness: Harness, client: Peer): Promise<void> {
  const lines = Buffer.concat(['one', 'two', 'three'].map((label) => lineOf(harness, label, 6)));
  harness.step('sent three lines in one piece');
  await ask(client, lines);
  await client.expectSilence(0);
}

/** One line in pieces, with the newline as a separate piece; then a line and a half. */
export async function answersPieces(harness: Harness, client: Peer): Promise<void> {
  const line = lineOf(harness, 'in pieces', 18);
  harness.step('sent a line in three pieces, and its newline as the fourth');
  await sendPieces(harness, client, cut(line.subarray(0, -1), 3));
  await client.expectSilence(QUIET_MS);
  await client.send(line.subarray(-1));
  await expectAnswer(client, line);
  harness.step('sent a line and the first half of another in one piece, then the second half');
  const [whole, half] = [lineOf(harness, 'whole', 6), lineOf(harness, 'half', 12)];
  await client.send(Buffer.concat([whole, half.subarray(0, 5)]));
  await expectAnswer(client, whole);
  await client.send(half.subarray(5));
  await expectAnswer(client, half);
  harness.step('sent the next line in one piece');
  await ask(client, lineOf(harness, 'after the pieces'));
  await client.expectSilence(0);
}

/** A line that is longer than the usual buffer. */
export async function answersLongLine(harness: Harness, client: Peer): Promise<void> {
  harness.step(`sent a line of ${LONG.toLocaleString('en-US')} bytes in four pieces, then a short one`);
  const line = lineOf(harness, 'long line', LONG - 1);
  await Promise.all([sendPieces(harness, client, cut(line, 4)), expectAnswer(client, line)]);
  await ask(client, lineOf(harness, 'short line'));
}

/** Lines that a program might trim or decode as text: it must reverse the bytes and change nothing else. */
export async function answersEveryByte(harness: Harness, client: Peer): Promise<void> {
  const untidy = untidyLine(harness);
  harness.step(
    `sent the line ${JSON.stringify(untidy.toString())}: blanks, tabs, and a carriage return before the newline`,
  );
  await ask(client, untidy);
  harness.step('sent a line of capitals and small letters');
  await ask(client, mixedLine(harness));
  harness.step('sent a line of 255 bytes, each value but the newline once');
  await ask(client, lineOfEveryByte(harness));
  await client.expectSilence(0);
}

/** A client that sends megabytes before it reads the first answer. */
export async function answersSlowReader(harness: Harness): Promise<void> {
  const program = await harness.startServer();
  const client = await harness.connect(SLOW_BUFFER);
  harness.step(`sent ${MANY_LINES} lines of ${LINE_LENGTH} bytes, and read nothing at first, then small pieces`);
  const line = letters(harness, 'slow', LINE_LENGTH - 12);
  const lines = Buffer.from(Array.from({ length: MANY_LINES }, (_, index) => `${index} ${line} ${index}\n`).join(''));
  client.pause();
  const sent = client.send(lines);
  await harness.quiet(SLOW_START_MS);
  await harness.interrupt(program);
  client.resume(SLOW_PACE);
  await expectAnswer(client, lines);
  await sent;
  harness.expectAlive(program);
}
