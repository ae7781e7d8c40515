/**
 * The second level, where there is no bubblewrap: a network and processes of one's own, as with it, but the machine's
 * files in sight as far as the user may read them. See unshare(1).
 */
import { withoutNested } from './nested.ts';
import { NOBODY, withoutRights } from './nobody.ts';
import { isRoot } from './system.ts';

const SPACES = ['--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** The words before the worker; it switches its loopback on itself. */
export function outerUnshare(): string[] {
  return [
    'unshare',
    ...(isRoot ? [] : ['--user', '--map-current-user', '--keep-caps']),
    '--net',
    '--ipc',
    ...SPACES,
    '--',
  ];
}

/** The words before the submission's program: it cannot even see the worker's process, which sees what it shares by System V's means. */
export function innerUnshare(user = NOBODY): string[] {
  return [
    ...(isRoot ? withoutRights(user) : []),
    ...withoutNested(1),
    ...['unshare', '--user', '--map-root-user', ...SPACES, '--'],
  ];
}
