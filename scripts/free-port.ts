/** Where to serve something for a person: the port they asked for, or the first that is free. */
import { createServer } from 'node:net';
import { text } from '../checkers/messages/index.ts';
import { WordsError } from './words.ts';

const TRIES = 20;

/**
 * The port to use.
 *
 * @param word what the person typed before it
 * @param asked what they typed; undefined: nothing
 * @param first the port to begin with where they did not ask for one
 * @throws WordsError when the port that they asked for is none, or taken
 */
export async function freePort(word: string, asked: string | undefined, first: number): Promise<number> {
  if (asked === undefined) {
    for (let port = first; port < first + TRIES; port += 1) if (await isFree(port)) return port;
    throw new WordsError(text.words.allPortsTaken(first, first + TRIES - 1, word));
  }
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new WordsError(text.words.portIsNumberFrom(asked));
  }
  if (!(await isFree(port))) throw new WordsError(text.words.portIsTakenBy(port, word));
  return port;
}

/** Whether nobody listens on a port of this machine. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => server.close(() => resolve(true)))
      .listen(port, '127.0.0.1');
  });
}
