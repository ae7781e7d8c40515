// @ts-check
/** Whether this Node is recent enough. It has to run on old releases, so it uses no new features. */
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** The oldest supported Node, from package.json, e.g. '20.19'. */
export const OLDEST_NODE = engines.node.replace('>=', '');

/**
 * Whether a version such as '20.19.3' is not older than another.
 *
 * @param {string} version
 * @param {string} wanted
 * @returns {boolean}
 */
export function isAtLeast(version, wanted) {
  const [have = [], want = []] = [version, wanted].map((text) => text.split('.').map(Number));
  const index = want.findIndex((part, place) => (have[place] ?? 0) !== part);
  return index === -1 || (have[index] ?? 0) > (want[index] ?? 0);
}
