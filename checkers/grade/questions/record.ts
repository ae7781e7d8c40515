/** Runs a submission with its system calls traced, in the same sandbox as for grading. No mark comes of it. */
import { mkdtempSync } from 'node:fs';
import type { TraceRecord } from '../../contract/trace-record.ts';
import type { Stage } from '../../course/course.ts';
import { ownFolder, removeFolder } from '../contract/own-folders.ts';
import { seedFor } from '../contract/seed.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import { LIMIT_MS } from '../grade-one.ts';
import { open } from '../intake/open.ts';
import { filesOf, type SourceFile } from '../integrity/sources.ts';
import { askWorker } from '../isolation/start-worker.ts';

/** A program, and what it did. */
export interface Recorded {
  files: SourceFile[];
  /** by check; without calls where the program could not be traced */
  traces: { check: string; trace: TraceRecord[] }[];
}

/**
 * Records a submission; as for grading, on the document's ports if it may have them written into it.
 *
 * @throws Refused when there is nothing in it that could be run, Error when the worker fails
 */
export async function record(
  submission: Submission,
  stage: Stage,
  { classSeed, isolation, patience }: Pick<GradeOrder, 'classSeed' | 'isolation' | 'patience'>,
  signal?: AbortSignal,
): Promise<Recorded> {
  const folder = mkdtempSync(ownFolder('grade'));
  try {
    const { program } = await open(submission, stage, folder);
    const files = filesOf(program, folder);
    const seed = seedFor(classSeed, submission);
    const order = { stage: stage.number, seed, program, folder, isolation, limitMs: LIMIT_MS, patience, record: true };
    const first = await askWorker(order, signal);
    const { traces = [], broken } = first.mayInsist ? await askWorker({ ...order, fixedPorts: true }, signal) : first;
    if (broken !== null) throw new Error(broken);
    return { files, traces };
  } finally {
    removeFolder(folder);
  }
}
