/** Grades a class, or a shard of it, into a folder: no submission twice, no partial results, and none on a machine that fails its own test. */

import { isCertain } from '../contract/certain.ts';
import { writeDurably } from '../contract/durable.ts';
import type { Isolation, SubmissionGrade } from '../contract/result.ts';
import type { GradeOrder, Submission } from '../contract/submission.ts';
import { type Canary, judgeRound, type Moment, type Round } from './canaries.ts';
import { gradeSafely } from './grade-safely.ts';
import type { Grader, StoredGrade } from './grader.ts';
import { basisOf, currentOf, whyAgain } from './pending.ts';
import { inPool, type Spare } from './pool.ts';
import { copyReplays } from './replays.ts';
import { byId } from './shard.ts';
import type { Store } from './store.ts';

/** With fewer submissions, the canaries run only at the start and at the end. */
const FEW = 8;
/** Factor for the timeouts of buggy canaries, which run three times in a batch: what they wait for never comes. */
const HASTE = 0.25;

/** Events of a batch, for the caller to display. */
export type BatchEvent =
  | { kind: 'pending'; total: number; kept: number }
  | { kind: 'canaries'; moment: Moment }
  | { kind: 'begun'; submission: Submission }
  | { kind: 'graded'; grade: SubmissionGrade };

/** What to grade, and how. */
export interface Batch {
  grader: Grader;
  /** those of this shard */
  submissions: Submission[];
  order: GradeOrder;
  store: Store;
  canaries: Canary[];
  /** how many at a time */
  atOnce: number;
  /** extra submissions that may run while processors are idle; undefined: none */
  spare?: Spare;
  /** results judged at a weaker isolation level are graded again */
  weakest: Isolation | null;
  signal: AbortSignal;
  onEvent?: (event: BatchEvent) => void;
}

/** The outcome of a batch. */
export interface BatchOutcome {
  /** how many were graded now */
  fresh: number;
  /** how many results still held */
  kept: number;
  rounds: Round[];
}

/**
 * Grades what has to be graded. The results are in the store.
 *
 * @throws BatchError e.g. for a full disk; what is in the store then is whole
 */
export function runBatch(batch: Batch): Promise<BatchOutcome> {
  return new BatchRun(batch).run();
}

class BatchRun {
  readonly #batch: Batch;
  readonly #rounds: Round[] = [];
  /** results since the last healthy round of canaries */
  readonly #unconfirmed = new Map<string, StoredGrade>();
  /** status of each submission graded in this run */
  readonly #statuses = new Map<string, SubmissionGrade['status']>();
  /** ids of those whose verdict chance had a part in */
  readonly #uncertain = new Set<string>();
  readonly #trouble = new AbortController();

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  async run(): Promise<BatchOutcome> {
    const { submissions } = this.#batch;
    const pending = await this.#pending();
    const kept = submissions.length - pending.length;
    this.#tell({ kind: 'pending', total: pending.length, kept });
    if (pending.length > 0) await this.#grade(pending);
    this.#shareGroups();
    return { fresh: this.#statuses.size, kept, rounds: this.#rounds };
  }

  async #pending(): Promise<Submission[]> {
    const { store, submissions, order, grader, weakest } = this.#batch;
    const stored = new Map(store.all().map((grade) => [grade.student.id, grade]));
    const pending: Submission[] = [];
    for (const submission of submissions.toSorted(byId)) {
      if (this.#followed(submission) !== undefined) continue;
      const grade = stored.get(submission.student.id);
      const now = grade && (await currentOf(submission, order, grader, weakest));
      if (grade === undefined || now === undefined || whyAgain(grade, now) !== null) pending.push(submission);
      else if (grade.student.name !== submission.student.name) store.put({ ...grade, student: submission.student });
    }
    return pending;
  }

  /** The member of a student's group who is graded for all; undefined: it is the student, or is not graded now. */
  #followed({ student, group }: Submission): string | undefined {
    if (group === undefined || group.first === student.id) return undefined;
    return this.#batch.submissions.some((one) => one.student.id === group.first) ? group.first : undefined;
  }

  /** The members of a group have the mark of the first one. */
  #shareGroups(): void {
    const { store, submissions, order } = this.#batch;
    const followers = submissions.filter((one) => this.#followed(one) !== undefined);
    if (followers.length === 0) return;
    const stored = new Map(store.all().map((grade) => [grade.student.id, grade]));
    for (const { student, group } of followers) {
      const grade = stored.get(group?.first ?? '');
      if (grade === undefined) continue;
      store.put({ ...grade, student });
      if (order.replays !== undefined) copyReplays(order.replays, grade, student.id);
    }
  }

  async #grade(pending: Submission[]): Promise<void> {
    await this.#round('start');
    const programs = twinsIn(pending);
    const half = pending.length < FEW ? programs.length : Math.ceil(programs.length / 2);
    // The second half does not wait for the canaries in the middle: they run among the submissions.
    const middle = half < programs.length ? [() => this.#round('middle')] : [];
    const together = (some: Submission[][]) => some.map((twins) => () => this.#twins(twins));
    await this.#all([...together(programs.slice(0, half)), ...middle, ...together(programs.slice(half))]);
    const each = (some: Submission[]) => some.map((submission) => () => this.#one(submission));
    const rest = pending.filter(({ student }) => !this.#statuses.has(student.id));
    await this.#all(each(rest));
    const broken = pending.filter(({ student }) => this.#statuses.get(student.id) === 'broken');
    await this.#all(each(broken));
    if (!this.#stopped()) await this.#round('end');
  }

  #all(tasks: (() => Promise<void>)[]): Promise<void> {
    const { atOnce, signal, spare } = this.#batch;
    return inPool(tasks, atOnce, AbortSignal.any([signal, this.#trouble.signal]), (task) => task(), spare);
  }

  /** Grades one of the submissions with the same program, and then, if its verdict holds for all, the others, which takes no time. */
  async #twins([first, ...others]: Submission[]): Promise<void> {
    if (first !== undefined) await this.#one(first);
    const isUncertain = this.#uncertain.has(first?.student.id ?? '');
    for (const submission of isUncertain ? [] : others) {
      if (this.#stopped()) return;
      await this.#one(submission);
    }
  }

  async #one(submission: Submission): Promise<void> {
    this.#tell({ kind: 'begun', submission });
    const { grader, order, signal, store } = this.#batch;
    const grade = await gradeSafely(grader, submission, order, signal);
    if (grade === null) return;
    const stored: StoredGrade = { ...grade, basis: basisOf(submission, order) };
    // Grades that finish while the canaries report an unfit machine are not trusted either.
    const kept = this.#trouble.signal.aborted ? withoutTrust(stored, this.#rounds.at(-1)) : stored;
    store.put(kept);
    this.#unconfirmed.set(submission.student.id, kept);
    this.#statuses.set(submission.student.id, kept.status);
    const attempts = grade.milestones.flatMap(({ checks }) => checks.map((check) => check.attempts));
    if (grade.status !== 'graded' || !isCertain(attempts)) this.#uncertain.add(submission.student.id);
    this.#tell({ kind: 'graded', grade: kept });
  }

  /** Runs the canaries, and confirms or voids every grade since the last healthy round. */
  async #round(moment: Moment): Promise<void> {
    const { canaries, grader, order, atOnce, signal, store } = this.#batch;
    if (canaries.length === 0 || this.#stopped()) return;
    this.#tell({ kind: 'canaries', moment });
    const before = [...this.#unconfirmed.keys()];
    const graded: { canary: Canary; grade: SubmissionGrade }[] = [];
    await inPool(canaries, moment === 'middle' ? 1 : atOnce, signal, async (canary) => {
      const grade = await gradeSafely(
        grader,
        canary.submission,
        { ...order, deadline: null, replays: undefined, ...(canary.caughtBy !== null && { patience: HASTE }) },
        signal,
      );
      if (grade !== null) graded.push({ canary, grade });
    });
    if (signal.aborted) return;
    graded.sort((a, b) => canaries.indexOf(a.canary) - canaries.indexOf(b.canary));
    const round = judgeRound(moment, graded, this.#rounds[0] ?? null);
    this.#rounds.push(round);
    writeDurably(`${store.folder}/canaries.json`, `${JSON.stringify(this.#rounds, null, 2)}\n`);
    if (round.trouble !== null) this.#distrust(round);
    else for (const id of before) this.#unconfirmed.delete(id);
  }

  #distrust(round: Round): void {
    this.#trouble.abort();
    for (const [id, grade] of this.#unconfirmed) {
      const distrusted = withoutTrust(grade, round);
      this.#batch.store.put(distrusted);
      this.#unconfirmed.set(id, distrusted);
    }
  }

  #stopped(): boolean {
    return this.#batch.signal.aborted || this.#trouble.signal.aborted;
  }

  #tell(event: BatchEvent): void {
    this.#batch.onEvent?.(event);
  }
}

/** Submissions in their order; those with the same program come with the first of them. */
function twinsIn(submissions: Submission[]): Submission[][] {
  const together = new Map<string, Submission[]>();
  for (const submission of submissions) {
    const key = submission.twin === undefined ? `alone ${submission.student.id}` : `twin ${submission.twin.first}`;
    const twins = together.get(key);
    if (twins) twins.push(submission);
    else together.set(key, [submission]);
  }
  return [...together.values()];
}

/** No mark rather than a wrong one; the observations stay for the instructor. */
function withoutTrust(grade: StoredGrade, round: Round | undefined): StoredGrade {
  if (grade.status === 'broken') return grade;
  const problem = `Not reliable, so there is no mark yet: while this was graded, ${round?.trouble ?? 'a canary failed.'}`;
  return { ...grade, status: 'broken', problem, points: 0 };
}
