/** Where to serve something for a person: the port they asked for, or the first that is free. */
import { createServer } from 'node:net';
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

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .once('listening', () => server.close(() => resolve(true)))
      .listen(port, '127.0.0.1');
  });
}
