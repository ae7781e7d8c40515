/** Earlier checks must still pass, now that bytes go through pipes. */
import type { Check } from '../../lab/check.ts';
import { pacesDown as before } from '../5.2/paces.ts';

export const pacesDown: Check = {
  ...before,
  todos: ['9.2.4', '9.2.3'],
  doc: 'emptypipe',
  needs: ['bulk'],
};
