/** Milestone 6.1, in the order in which a learner meets its checks. Nobody resets a connection here. */

import type { Check } from '../../lab/check.ts';
import { bothFinish } from './both-finish.ts';
import { connectTimeout } from './connect-timeout.ts';
import { clientFinishes, upstreamFinishes } from './half-close.ts';
import { idleTimeout } from './idle-timeout.ts';

export const halfCloseChecks: Check[] = [clientFinishes, upstreamFinishes, bothFinish, idleTimeout, connectTimeout];
