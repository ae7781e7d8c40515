/** The catalogue of bad submissions. */
import { mistaken } from './broken.ts';
import { forgers } from './forgers.ts';
import type { Hostile } from './hostile.ts';
import { intruders } from './intruders.ts';
import { hoarders } from './memory.ts';
import { greedy } from './resources.ts';
import { talkers } from './talkers.ts';

export const hostile: Hostile[] = [...mistaken, ...forgers, ...greedy, ...hoarders, ...intruders, ...talkers];
