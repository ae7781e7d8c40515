/** How a class was handed in, in a line, and the folder of one that is an archive. */
import { resolve } from 'node:path';
import { isArchiveFile, unpackExport } from '../../checkers/grade/intake/export/unpack.ts';
import type { TakenIn } from '../../checkers/grade/intake/find.ts';
import { deadlineOf } from '../../checkers/grade/rubric/late.ts';

/**
 * Calls with the folder of the hand-ins: the named one, or what an archive unpacks to, which is removed afterwards.
 *
 * @throws Refused when the archive cannot be read
 */
export async function withClassIn<T>(typed: string, action: (folder: string) => Promise<T>): Promise<T> {
  const place = resolve(typed);
  if (!isArchiveFile(place)) return await action(place);
  const { folder, notes, remove } = await unpackExport(place);
  for (const note of notes) process.stderr.write(`${note}\n`);
  // A process that ends early leaves the folder to the next grader's removal of orphans.
  try {
    return await action(folder);
  } finally {
    remove();
  }
}

/** 'Canvas: 46 files, 42 students, 3 late, 2 not on the list; newest attempt taken for 4' */
export function takenLine(taken: TakenIn, deadline: string | null): string {
  const { system, files, submissions, unlisted, newest } = taken;
  const missing = submissions.filter(({ kind }) => kind === 'missing').length;
  const late = lateIn(taken, deadline).size;
  const parts = [
    counted(files, 'file'),
    counted(submissions.length - missing, 'student'),
    ...(late > 0 ? [`${late} late`] : []),
    ...(unlisted.length > 0 ? [`${unlisted.length} not on the list`] : []),
    ...(missing > 0 ? [`${missing} without a hand-in`] : []),
  ];
  const attempts = newest > 0 ? `; newest attempt taken for ${newest}` : '';
  return `${system === null ? '' : `${system}: `}${parts.join(', ')}${attempts}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Ids of the late: as the platform marked them, or by the times of the hand-ins. */
export function lateIn({ late, submissions }: TakenIn, deadline: string | null): Set<string> {
  const byTime = submissions.flatMap((submission) => {
    const own = deadlineOf(submission, deadline);
    const { student, submittedAt } = submission;
    return own !== null && submittedAt !== null && submittedAt > own ? [student.id] : [];
  });
  return new Set([...late, ...byTime]);
}
