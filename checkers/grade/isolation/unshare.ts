/**
 * The second level, without bubblewrap: a separate network and process namespace, but the machine's
 * files stay visible as far as the user may read them. See unshare(1).
 */
import { withoutNested } from './nested.ts';
import { NOBODY, withoutRights } from './nobody.ts';
import { isRoot } from './system.ts';

const SPACES = ['--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** The command prefix of the worker; the worker brings its loopback up itself. */
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

/** The command prefix of the submission's program: it cannot see the worker's process, which can see its System V IPC objects. */
export function innerUnshare(user = NOBODY): string[] {
  return [
    ...(isRoot ? withoutRights(user) : []),
    ...withoutNested(1),
    ...['unshare', '--user', '--map-root-user', ...SPACES, '--'],
  ];
}
