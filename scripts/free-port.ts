/** The port for a local server: the requested one, or the first that is free. */
import { createServer } from 'node:net';
import { WordsError } from './command-line.ts';

const TRIES = 20;

/**
 * The port to use.
 *
 * @param word the option's name
 * @param asked the requested port; undefined: none
 * @param first the first port to try if none was requested
 * @throws WordsError if the requested port is invalid or in use
 */
export async function freePort(word: string, asked: string | undefined, first: number): Promise<number> {
  if (asked === undefined) {
    for (let port = first; port < first + TRIES; port += 1) if (await isFree(port)) return port;
    throw new WordsError(`All ports from ${first} to ${first + TRIES - 1} are taken. Name a free one: ${word} 9000`);
  }
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new WordsError(`A port is a number from 1 to 65535; '${asked}' is not.`);
  }
  if (!(await isFree(port)))
    throw new WordsError(`Port ${port} is taken by another program. Leave '${word}' out: a free one will be found.`);
  return port;
}

/** Whether a port of this machine is free. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => server.close(() => resolve(true)))
      .listen(port, '127.0.0.1');
  });
}
