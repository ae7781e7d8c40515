/**
 * The strongest level: two nested sandboxes. The outer one holds the worker and the submission: a network, processes and files
 * of their own, so that parallel checks can all use ports 8080 and 3000. The inner one holds only the submission's program: it
 * shares nothing with the worker but the network.
 *
 *     this machine | worker, python3 -m http.server | the submission's program
 *                  ^ outer                          ^ inner
 *
 * See bwrap(1), user_namespaces(7), network_namespaces(7).
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findOnPath } from '../../harness/python.ts';
import { root, workshopFolder } from '../../root.ts';
import { withoutNested } from './nested.ts';
import { NOBODY, withoutRights } from './nobody.ts';
import { foldersAbove, isRoot, readOnly, systemArguments } from './system.ts';

/** What of the submission's private folder the program is shown. */
export interface Shown {
  readable: string;
  writable: string;
}

/** In memory, and gone with the sandbox, in bytes. */
const SCRATCH = String(256 * 2 ** 20);
const PROGRAM_SCRATCH = String(64 * 2 ** 20);

/**
 * The command prefix of the worker.
 *
 * root first becomes an unprivileged user, with mounts of the files that this user could not read: a bubblewrap run by root would
 * leave the inner sandbox without /proc, and run the program as a user exempt from limits.
 *
 * @param folder of the submission; the handed-in files are in its folder 'submission', the rest is empty
 * @param user the user that root becomes. The kernel counts some resources per user, not per namespace, such as watched
 *   descriptors and those in flight in messages: with its own user, a submission uses up only its own quota
 */
export function outerBubblewrap(folder: string, user = NOBODY): string[] {
  const outer = unprivileged(folder);
  return isRoot ? [...sightOf(folder), ...withoutRights(user), ...outer] : outer;
}

function sightOf(folder: string): string[] {
  const places = [root, join(workshopFolder, 'scripts'), join(folder, 'submission')];
  return [
    ...['bwrap', '--die-with-parent', ...systemArguments()],
    ...['--dev-bind', '/proc', '/proc', '--dev-bind', '/dev', '/dev'],
    ...['--perms', '1777', '--tmpfs', '/tmp', ...places.flatMap(readOnly), '--'],
  ];
}

function unprivileged(folder: string): string[] {
  const submission = join(folder, 'submission');
  return [
    'bwrap',
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--die-with-parent', '--new-session'],
    ...systemArguments(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', SCRATCH, '--tmpfs', '/tmp'],
    ...readOnly(root),
    ...['--size', SCRATCH, '--tmpfs', workshopFolder],
    ...readOnly(join(workshopFolder, 'scripts')),
    ...foldersAbove(folder),
    ...['--size', SCRATCH, '--tmpfs', folder, '--ro-bind', submission, submission],
    ...['--chdir', root, '--'],
  ];
}

/** The command prefix of the submission's program, inside the outer sandbox. */
export function innerBubblewrap({ readable, writable }: Shown): string[] {
  const shown = readable === writable ? foldersAbove(writable) : readOnly(readable);
  return [
    // To mount devpts, bubblewrap becomes root in one namespace, then creates a second one to drop that again.
    ...(canForbidNamespaces() ? [] : withoutNested(2)),
    // bubblewrap refuses to start with capabilities, which a worker has that created a network for one check.
    ...(findOnPath('setpriv') === undefined ? [] : ['setpriv', '--ambient-caps=-all', '--inh-caps=-all', '--']),
    'bwrap',
    // System V IPC stays in the worker's namespace, so that the worker can measure its memory.
    ...['--unshare-user', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(canForbidNamespaces() ? ['--disable-userns'] : []),
    // The program's first process may exit before the others, and they go on. All of them end with the outer sandbox.
    ...systemArguments(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', PROGRAM_SCRATCH, '--tmpfs', '/tmp'],
    ...['--perms', '1777', '--size', PROGRAM_SCRATCH, '--tmpfs', '/dev/shm'],
    ...shown,
    ...['--bind', writable, writable, '--chdir', readable],
    // bubblewrap's own tmpfs mounts at / and /dev have no size limit.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--'],
  ];
}

let answer: boolean | undefined;

/** bubblewrap 0.8 and later can keep the program from creating namespaces. */
function canForbidNamespaces(): boolean {
  const bwrap = findOnPath('bwrap');
  answer ??= bwrap !== undefined && execFileSync(bwrap, ['--help'], { encoding: 'utf8' }).includes('--disable-userns');
  return answer;
}
