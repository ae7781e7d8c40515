/** Earlier checks must still pass, now that bytes go through pipes. */
import type { Check } from '../../harness/check.ts';
import { pacesDown as before } from '../5.2/paces.ts';

export const pacesDown: Check = {
  ...before,
  todos: ['9.2.4', '9.2.3'],
  doc: 'emptypipe',
  hint: [
    'The reader took half of what is in the pipe. What does your program believe is still in there?',
    'filled less what went. As long as that is not 0, nothing may be put into the pipe: uncounted bytes stay behind for good.',
    '  pipe.filled -= sentN',
  ],
  needs: ['bulk'],
};
