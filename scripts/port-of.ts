/** The ports that a person may set in the environment. */

import { FIXED_PORTS } from '../checkers/run/namespace.ts';
import { WordsError } from './command-line.ts';

const FALLBACKS = { PORT: FIXED_PORTS.proxy, UPSTREAM_PORT: FIXED_PORTS.upstream };

/**
 * The port in such a variable, or the course's own.
 *
 * @throws WordsError when what stands there is no port
 */
export function portOf(variable: keyof typeof FALLBACKS): number {
  const typed = process.env[variable];
  const port = Number(typed ?? FALLBACKS[variable]);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new WordsError(`${variable} is a port, 1 to 65535; '${typed}' is not.`);
}
