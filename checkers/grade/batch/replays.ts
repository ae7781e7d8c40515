/** The pages on which a student can walk through what happened in a milestone that failed. */
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { renderPage } from '../../report/replay/render.ts';
import { writeDurably } from '../contract/durable.ts';
import { fileNameOf } from '../contract/file-name.ts';
import type { JudgedMilestone } from '../contract/order.ts';
import type { SubmissionGrade } from '../contract/result.ts';

/** Where a student's page of a milestone is, or would be. */
export function replayPath(folder: string, student: string, milestone: string): string {
  return join(folder, `${fileNameOf(student)}-${milestone}.html`);
}

/**
 * Writes the pages of one submission, and removes outdated ones of an earlier run.
 *
 * @param folder of all pages; made where it is missing
 * @throws BatchError when they cannot be written
 */
export async function writeReplays(folder: string, student: string, milestones: JudgedMilestone[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { id, replay } of milestones) {
    const path = replayPath(folder, student, id);
    if (replay !== undefined) writeDurably(path, await renderPage(replay));
    else if (existsSync(path)) rmSync(path);
  }
}

/** Copies the pages of one student to another one, who shares the mark. */
export function copyReplays(folder: string, { student, milestones }: SubmissionGrade, to: string): void {
  for (const { id } of milestones) {
    const [from, target] = [replayPath(folder, student.id, id), replayPath(folder, to, id)];
    if (existsSync(from)) copyFileSync(from, target);
    else if (existsSync(target)) rmSync(target);
  }
}
