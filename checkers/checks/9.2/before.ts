/** What held before has to hold still, now that bytes go through pipes. */
import { pacesDown as before } from '../5.2/paces.ts';
import type { Check } from '../check.ts';

export const pacesDown: Check = {
  ...before,
  todos: ['9.2.4', '9.2.3'],
  doc: 'emptypipe',
  needs: ['bulk'],
};
