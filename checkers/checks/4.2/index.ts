/** Milestone 4.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { allBytes } from './all-bytes.ts';
import { bothDirections } from './both-directions.ts';
import { clientLeaves } from './client-leaves.ts';
import { clientResets } from './client-resets.ts';
import { fiftyClients } from './fifty-clients.ts';
import { idle } from './idle.ts';
import { pages } from './pages.ts';
import { pieces } from './pieces.ts';
import { roundTrip } from './round-trip.ts';
import { sequence } from './sequence.ts';
import { slowClient } from './slow-client.ts';
import { slowUpstream } from './slow-upstream.ts';
import { upstreamLeaves } from './upstream-leaves.ts';

export const relayChecks: Check[] = [
  roundTrip,
  pages,
  allBytes,
  pieces,
  slowUpstream,
  slowClient,
  bothDirections,
  fiftyClients,
  clientLeaves,
  upstreamLeaves,
  sequence,
  clientResets,
  idle,
];
