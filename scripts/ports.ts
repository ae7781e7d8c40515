/** Ports on the command line and in the environment, and the free ones of this machine. */
import { isFree } from '../checkers/kernel/ports.ts';
import { FIXED_PORTS } from '../checkers/run/namespace.ts';
import { WordsError } from './command-line.ts';

const FALLBACKS = { PORT: FIXED_PORTS.proxy, UPSTREAM_PORT: FIXED_PORTS.upstream };
const TRIES = 20;

/**
 * The port in an environment variable, or the course's own.
 *
 * @throws WordsError when the value is no port
 */
export function portOf(variable: keyof typeof FALLBACKS): number {
  const typed = process.env[variable];
  const port = Number(typed ?? FALLBACKS[variable]);
  if (isPort(port)) return port;
  throw new WordsError(`${variable} is a port, 1 to 65535; '${typed}' is not.`);
}

/** @throws WordsError when this is no port */
export function portTyped(typed: string): number {
  const port = Number(typed);
  if (isPort(port)) return port;
  throw new WordsError(`A port is a number from 1 to 65535; '${typed}' is not.`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/**
 * The port for a local server: the requested one, or the first that is free.
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
  const port = portTyped(asked);
  if (await isFree(port)) return port;
  throw new WordsError(`Port ${port} is taken by another program. Leave '${word}' out: a free one will be found.`);
}
