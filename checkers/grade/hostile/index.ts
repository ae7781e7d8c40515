/** The catalogue of bad submissions. */
import { mistaken } from './broken.ts';
import { forgers } from './forgers.ts';
import type { Hostile } from './hostile.ts';
import { intruders } from './intruders.ts';
import { greedy } from './resources.ts';

export const hostile: Hostile[] = [...mistaken, ...forgers, ...greedy, ...intruders];
