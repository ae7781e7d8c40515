/** Milestone 4.1, its checks in the order of the lesson. No peer sends a byte or closes before the verdict. */
import type { Check } from '../../harness/check.ts';
import { listening } from './listening.ts';
import { onConnect } from './on-connect.ts';
import { oneEach } from './one-each.ts';
import { restart } from './restart.ts';
import { upstreamDown } from './upstream-down.ts';

export const acceptChecks: Check[] = [listening, onConnect, oneEach, restart, upstreamDown];
