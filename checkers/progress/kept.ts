/**
 * Copies of the learner's files, in .workshop/kept/STAGE: one from each milestone that turned green, and one of each file
 * before it was replaced. The name of a copy says all about it, so there is no index file that could be damaged:
 *
 *     2026-01-31T17-05-09-120Z_4.1+4.2.ts           as it was when milestones 4.1 and 4.2 were green
 *     2026-01-31T18-40-00-007Z_before-reset.ts      as it was before `npm run reset 4`
 */
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type Stage, stageOf } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { workshopFolder, writeWhole } from '../root.ts';

/** Why a copy was made: the milestone that turned green, or the command that replaced the file. */
export type Reason = `${number}.${number}` | 'before-reset' | 'before-restore';

/** A copy of a learner's file. */
export interface Kept {
  /** absolute */
  path: string;
  when: Date;
  reasons: string[];
}

const NAME = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z_([\w.+-]+)\.ts$/;

/** Where the copies of a stage's file are. */
export function keptFolder({ folder }: Stage): string {
  return join(workshopFolder, 'kept', folder);
}

/** The copies of a stage's file, oldest first. Other files in that folder are ignored. */
export function listKept(stage: Stage): Kept[] {
  const folder = keptFolder(stage);
  return namesIn(folder)
    .sort()
    .flatMap((name) => asKept(folder, name, stage));
}

/** Sorted by name, they are sorted by time. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return [];
  }
}

function asKept(folder: string, name: string, stage: Stage): Kept[] {
  const [, day, hour, minute, second, ms, why = ''] = NAME.exec(name) ?? [];
  const when = new Date(`${day}T${hour}:${minute}:${second}.${ms}Z`);
  const reasons = why.split('+');
  const ours = reasons.every((reason) => isReason(reason, stage)) && !Number.isNaN(when.getTime());
  return ours ? [{ path: join(folder, name), when, reasons }] : [];
}

function isReason(word: string, stage: Stage): boolean {
  const milestone = findMilestone(word);
  return (
    word === 'before-reset' || word === 'before-restore' || (milestone !== undefined && stageOf(milestone) === stage)
  );
}

/**
 * Keeps a copy of a learner's file, unless the same text is kept already.
 *
 * @param stage whose file it is
 * @param bytes its contents
 * @param reason a milestone is added to the name of an existing copy; "before…" adds nothing
 * @param now the time of the copy
 * @returns the copy
 * @throws Error with a code, e.g. 'ENOSPC', when it could not be written: then the file must not be replaced
 */
export function keep(stage: Stage, bytes: Buffer, reason: Reason, now = new Date()): Kept {
  const same = listKept(stage).findLast(({ path }) => holds(path, bytes));
  if (same !== undefined) return withReason(same, reason, stage);
  const when = freeMoment(stage, now);
  const path = join(keptFolder(stage), nameFor(when, [reason]));
  writeWhole(path, bytes);
  return { path, when, reasons: [reason] };
}

function holds(path: string, bytes: Buffer): boolean {
  try {
    return readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}

function withReason(kept: Kept, reason: Reason, stage: Stage): Kept {
  if (reason.startsWith('before') || kept.reasons.includes(reason)) return kept;
  const reasons = [...kept.reasons, reason];
  const path = join(keptFolder(stage), nameFor(kept.when, reasons));
  renameSync(kept.path, path);
  return { ...kept, path, reasons };
}

/** A free name: a few ms later if a copy of this moment exists already. */
function freeMoment(stage: Stage, now: Date): Date {
  const taken = new Set(listKept(stage).map(({ when }) => when.getTime()));
  let ms = now.getTime();
  while (taken.has(ms)) ms += 1;
  return new Date(ms);
}

function nameFor(when: Date, reasons: string[]): string {
  return `${when.toISOString().replace(/[:.]/g, '-')}_${reasons.join('+')}.ts`;
}
