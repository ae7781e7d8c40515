/**
 * The strongest level, in two shells. The outer one holds the worker with the submission: a network, processes and files
 * of their own, so that everybody may use the ports 8080 and 3000. The inner one holds the submission's program alone: it
 * shares nothing with the worker but the network.
 *
 *     this machine | worker, python3 -m http.server | the submission's program
 *                  ^ outer                          ^ inner
 *
 * See bwrap(1), user_namespaces(7), network_namespaces(7).
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findOnPath } from '../../lab/python.ts';
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
 * The words before the worker.
 *
 * root becomes somebody without rights first, and takes along the sight of what that user could not reach: bubblewrap by root's own hands
 * would leave the inner one without a /proc, and the program with a user whom limits do not bind.
 *
 * @param folder of the submission; what was handed in lies in its folder 'submission', all else there is empty
 * @param user whom root becomes. The kernel counts some things by the machine's users and not by namespaces, such as watched
 *   descriptors and those that are on their way in messages: with a user of its own, a submission uses up only what is its own
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

/** The words before the submission's program, inside of the outer shell. */
export function innerBubblewrap({ readable, writable }: Shown): string[] {
  const shown = readable === writable ? foldersAbove(writable) : readOnly(readable);
  return [
    // To have terminals, bubblewrap is its namespace's root for a while, and makes another one to be itself again.
    ...(canForbidNamespaces() ? [] : withoutNested(2)),
    // bubblewrap refuses whoever brings rights along, as a worker does that made a network for one check.
    ...(findOnPath('setpriv') === undefined ? [] : ['setpriv', '--ambient-caps=-all', '--inh-caps=-all', '--']),
    'bwrap',
    // What it shares by System V's means lies in the worker's namespace, so that the worker can see how much that is.
    ...['--unshare-user', '--unshare-pid', '--unshare-uts', '--unshare-cgroup-try'],
    ...(canForbidNamespaces() ? ['--disable-userns'] : []),
    // Its first process may end before the others, and they go on. All of them end with the outer shell.
    ...systemArguments(),
    ...['--proc', '/proc', '--dev', '/dev'],
    ...['--perms', '1777', '--size', PROGRAM_SCRATCH, '--tmpfs', '/tmp'],
    ...['--perms', '1777', '--size', PROGRAM_SCRATCH, '--tmpfs', '/dev/shm'],
    ...shown,
    ...['--bind', writable, writable, '--chdir', readable],
    // What bubblewrap makes to hang all of this in would have no size of its own.
    ...['--remount-ro', '/dev', '--remount-ro', '/', '--'],
  ];
}

let answer: boolean | undefined;

/** bubblewrap 0.8 and later can keep the program from making namespaces of its own. */
function canForbidNamespaces(): boolean {
  const bwrap = findOnPath('bwrap');
  answer ??= bwrap !== undefined && execFileSync(bwrap, ['--help'], { encoding: 'utf8' }).includes('--disable-userns');
  return answer;
}
