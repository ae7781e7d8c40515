import type { Check } from '../../lab/check.ts';
import { roundTrip as before } from '../4.2/round-trip.ts';

/** As in stage 4, with non-blocking sockets. */
export const roundTrip: Check = {
  ...before,
  todos: ['5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.1.5', '5.1.6'],
  doc: 'relay',
};
