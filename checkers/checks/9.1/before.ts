/** Earlier checks must still pass. */
import type { Check } from '../../lab/check.ts';
import { roundTrip as roundTripBefore } from '../4.2/round-trip.ts';
import { pacesDown as pacesDownBefore, pacesUp as pacesUpBefore } from '../5.2/paces.ts';
import { endingsIn } from '../6.2/endings.ts';
import { crowdOf } from '../7.1/crowd.ts';

export const roundTrip: Check = {
  ...roundTripBefore,
  todos: ['9.1.1', '9.1.2', '9.1.9', '9.1.3', '9.1.6'],
  doc: 'watch',
};

export const pacesDown: Check = {
  ...pacesDownBefore,
  todos: ['9.1.9', '9.1.3', '9.1.6', '9.1.7'],
  doc: 'handleevents',
  needs: ['burst'],
};

export const pacesUp: Check = {
  ...pacesUpBefore,
  todos: ['9.1.9', '9.1.3', '9.1.6', '9.1.7'],
  doc: 'handleevents',
  needs: ['paces-down'],
};

export const endings: Check = {
  ...endingsIn(1),
  todos: ['9.1.9', '9.1.8', '9.1.3'],
  doc: 'handleevents',
  needs: ['last-segment'],
};

/** Their descriptors exceed the initial size of the tables. */
export const CROWD = 600;

export const crowd: Check = {
  ...crowdOf(CROWD),
  todos: ['9.1.1', '9.1.8', '9.1.2'],
  doc: 'two-tables',
  needs: ['round-trip'],
};
