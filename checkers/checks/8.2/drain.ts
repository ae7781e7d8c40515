import type { Check } from '../../harness/check.ts';
import { drainOnce as ofOneUpstream } from '../7.2/drain.ts';

/** The check of stage 7. Its upstream is the first of three here, and the others refuse. */
export const drain: Check = {
  ...ofOneUpstream,
  title: 'SIGTERM with work to do and two of three upstreams dead: the old clients keep every byte, then exit code 0',
  todos: ['8.2.4', '8.1.4'],
  doc: 'handon',
  hint: [
    'SIGTERM comes while clients are at work and upstreams are dead. Which clients does your proxy wait for?',
    'For every client in the route table, those who are being handed on included. All of that is given; it goes wrong when a row stays behind, or when something ends the program earlier.',
    '  // the table is empty, the listening socket closed: exit code 0',
  ],
  needs: ['one-refuses', 'dies-at-work'],
};
