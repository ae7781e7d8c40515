/** The learner's client between its terminal and our server. */
import { CheckFailure } from '../../contract/check.ts';
import type { Harness } from '../../harness/harness.ts';
import type { Peer } from '../../harness/peer.ts';
import type { Program } from '../../harness/program.ts';
import type { Upstream } from '../../harness/upstream.ts';
import { answerTo } from '../line.ts';

/** How long a client may take to exit when it has no more to do, in ms. */
const END_MS = 3000;

export interface Conversation {
  server: Upstream;
  program: Program;
  /** what is typed and printed */
  terminal: Peer;
  /** the server's end of the connection */
  peer: Peer;
}

/** Starts the client and waits until it has connected. */
export async function startConnected(harness: Harness, file?: number): Promise<Conversation> {
  const server = await harness.openServer();
  return { server, ...(await startAnother(harness, server, file)) };
}

/** Starts the client against a running server. */
export async function startAnother(
  harness: Harness,
  server: Upstream,
  file?: number,
): Promise<Omit<Conversation, 'server'>> {
  const number = server.connections.length + 1;
  const { program, terminal } = harness.startClient(file);
  return { program, terminal, peer: await server.connection(number) };
}

/** The server's part for these lines: expects each as it was typed, and answers it. */
export async function serve(peer: Peer, ...lines: Buffer[]): Promise<void> {
  for (const line of lines) {
    await peer.expect(line, { due: 'the line as it was typed' });
    await peer.send(answerTo(line));
  }
}

/** Makes sure that the client has printed the answers and nothing else, at the latest when it exits. */
export async function expectPrinted(terminal: Peer, ...lines: Buffer[]): Promise<void> {
  await terminal.expect(answerTo(Buffer.concat(lines)), {
    due: lines.length > 1 ? 'the answers' : 'the answer',
  });
}

/** Ends the input: the client must close its connection and exit with code 0. */
export async function expectGoodbye(harness: Harness, { program, terminal, peer }: Conversation): Promise<void> {
  await peer.expectEnd('connection-not-closed', 'at the end of the input', END_MS);
  peer.close();
  await expectExit(harness, program, 'at the end of its input', 'zero');
  await terminal.expectSilence(0);
}

/**
 * Makes sure that the client exits.
 *
 * @param when what has happened, for the message: 'when the server is gone'
 * @param code the expected exit code
 * @throws CheckFailure when it goes on running, or exits otherwise
 */
export async function expectExit(
  harness: Harness,
  program: Program,
  when: string,
  code: 'zero' | 'failure' | 'any',
): Promise<void> {
  await harness.waiting.until(() => program.exit !== undefined, END_MS * harness.waiting.patience, true);
  const { exit } = program;
  if (exit === undefined) {
    const observed = `it was still running ${harness.waiting.seconds(END_MS)} later`;
    throw new CheckFailure({ symptom: 'not-ended', expected: `the client ends ${when}`, observed });
  }
  const good = { zero: exit.code === 0, failure: exit.code !== 0, any: true };
  if (good[code]) return;
  throw new CheckFailure({
    symptom: 'wrong-exit',
    expected: `the client ends with ${code === 'zero' ? 'exit code 0' : 'another exit code than 0'} ${when}`,
    observed: 'the program stopped',
  });
}

/** Makes sure that a client that has exited has printed the reason on its standard error. */
export async function expectLastWords(harness: Harness, program: Program, when: string): Promise<void> {
  await harness.waiting.until(() => program.outputRead, END_MS * harness.waiting.patience, true);
  if (program.stderr.text.trim() !== '') return;
  throw new CheckFailure({
    symptom: 'no-last-words',
    expected: `a message on standard error ${when}`,
    observed: 'nothing came there',
  });
}
