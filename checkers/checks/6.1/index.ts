/** Milestone 6.1, its checks in the order of the lesson. No peer resets a connection here. */
import type { Check } from '../../harness/check.ts';
import { bothFinish } from './both-finish.ts';
import { connectTimeout } from './connect-timeout.ts';
import { clientFinishes, upstreamFinishes } from './half-close.ts';
import { idleTimeout } from './idle-timeout.ts';

export const halfCloseChecks: Check[] = [clientFinishes, upstreamFinishes, bothFinish, idleTimeout, connectTimeout];
