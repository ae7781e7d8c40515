/**
 * Programs that several students handed in, byte for byte: the skeleton, our solution, a copy. What checks see of a program
 * depends on its bytes, so one verdict holds for all of them.
 */
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from '../../course/course.ts';
import type { Program } from '../contract/order.ts';
import { ownFolder, removeFolder } from '../contract/own-folders.ts';
import type { Submission } from '../contract/submission.ts';
import { open } from './open.ts';

/**
 * Marks the hand-ins of a class whose programs are the same.
 *
 * @param submissions of the whole class, also where a part is graded, so that all machines take the same seeds
 * @param signal aborts it
 */
export async function withTwins(submissions: Submission[], stage: Stage, signal?: AbortSignal): Promise<Submission[]> {
  const first = new Map<string, string>();
  const versions = new Map<string, string>();
  const twins = new Set<string>();
  for (const submission of submissions) {
    signal?.throwIfAborted();
    const { id } = submission.student;
    // What a group handed in is one hand-in.
    if (submission.group !== undefined && submission.group.first !== id) continue;
    const version = await versionOf(submission, stage);
    if (version === undefined) continue;
    versions.set(id, version);
    if (first.has(version)) twins.add(version);
    else first.set(version, id);
  }
  return submissions.map((submission) => {
    const version = versions.get(submission.group?.first ?? submission.student.id);
    if (version === undefined || !twins.has(version)) return submission;
    return { ...submission, twin: { first: first.get(version) ?? submission.student.id } };
  });
}

/** Of the program in a submission; undefined: there is none that could be run. */
async function versionOf(submission: Submission, stage: Stage): Promise<string | undefined> {
  if (submission.kind === 'missing') return undefined;
  const folder = mkdtempSync(ownFolder('grade'));
  try {
    return programVersion((await open(submission, stage, folder)).program);
  } catch {
    // The mark says why.
    return undefined;
  } finally {
    removeFolder(folder);
  }
}

/** Of everything that a program is made of: names, bytes, modes and commands. */
export function programVersion(program: Program): string {
  const hash = createHash('sha256').update(program.kind);
  const add = (path: string, name: string): void => {
    const status = lstatSync(path);
    hash.update(`\0${name}\0${status.mode & 0o111}\0${status.isFile() ? status.size : ''}\0`);
    if (status.isFile()) hash.update(readFileSync(path));
    if (!status.isDirectory()) return;
    for (const inner of readdirSync(path).toSorted()) add(join(path, inner), `${name}/${inner}`);
  };
  if (program.kind === 'file') add(program.path, '');
  else {
    hash.update(JSON.stringify([program.build, program.run]));
    add(program.cwd, '');
  }
  return hash.digest('hex');
}
