/** Milestone 4.1, in the order in which a learner meets its checks. Nobody sends a byte or leaves before the verdict. */

import type { Check } from '../../lab/check.ts';
import { listening } from './listening.ts';
import { onConnect } from './on-connect.ts';
import { oneEach } from './one-each.ts';
import { restart } from './restart.ts';
import { upstreamDown } from './upstream-down.ts';

export const acceptChecks: Check[] = [listening, onConnect, oneEach, restart, upstreamDown];
