/** Milestone 2.1, its checks in the order of the lesson. Nothing is typed before the verdict. */
import type { Check } from '../../harness/check.ts';
import { connects } from './connects.ts';
import { endOfInput } from './end-of-input.ts';
import { noServer } from './no-server.ts';

export const connectChecks: Check[] = [connects, noServer, endOfInput];
