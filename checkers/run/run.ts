/** Runs the checks of a milestone, in parallel where possible, and gathers their results. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { CheckResult, Recording } from '../contract/check.ts';
import type { Milestone, Stage } from '../course/course.ts';
import { stageOf } from '../course/course.ts';
import { explain, stoppedAtDueStub } from '../explain/explain.ts';
import { worthALook } from '../explain/look.ts';
import type { Check } from '../harness/check.ts';
import type { ProgramSpec } from '../harness/program.ts';
import { Reaper } from '../harness/reaper.ts';
import { workshopFolder } from '../root.ts';
import { straceWorks } from '../trace/strace.ts';
import { STRACE_ENDING } from '../trace/trace-file.ts';
import { type Arena, chooseArena } from './arena.ts';
import { BuildFailure, buildForSimulation, buildProgram, type SimulatedProgram } from './build.ts';
import type { Candidate } from './candidate.ts';
import { executeCheck, type Outcome } from './execute.ts';
import { executeInNamespace } from './namespace.ts';
import { executeSimulated, type SimulationOrder } from './simulation.ts';
import { Turns } from './turns.ts';

/** A sandbox for untrusted programs. */
export interface Sandbox {
  /** how to start it in there; throws BuildFailure when it has mistakes that keep it from running */
  prepare(candidate: Candidate): Promise<ProgramSpec>;
  /** a folder that it may write to, for its traces */
  traces: string;
}

export interface RunRequest {
  milestone: Milestone;
  candidate: Candidate;
  seed: string;
  /** true: on the simulated kernel, in virtual time; for TypeScript files */
  simulated?: boolean;
  /** ids of the checks to run; undefined: all */
  only?: string[];
  /** skip the checks after a failed one: for mutants, whose first failure is all that counts */
  stopAtFirstFailure?: boolean;
  /** factor for the time that the proxy is given; undefined: 1. Tests of wrong proxies need not wait as long */
  patience?: number;
  /** false: a failed check is not tried again; for tests of wrong proxies, together with `record` */
  secondLook?: boolean;
  /** the sandbox in which an untrusted program is built and started; undefined: none, as for one's own program */
  sandbox?: Sandbox;
  /** true: the program may have ports 8080 and 3000 written into it, so it is given these */
  fixedPorts?: boolean;
  /** keep a recording of every check, passed ones too */
  record?: boolean;
  /** also inspect a TypeScript program that passes: one check runs again with the trace on, without effect on verdicts */
  look?: boolean;
  /** called with each result as soon as it is certain */
  onResult?: (result: CheckResult) => void;
  /** aborts the run, e.g. on Ctrl-C */
  signal?: AbortSignal;
}

export interface MilestoneResult {
  stage: Stage;
  milestone: Milestone;
  candidate: Candidate;
  seed: string;
  results: CheckResult[];
  /** ms from the start of the run to its last verdict; of a simulated one, the virtual time of all its checks */
  ms: number;
  /** it ran on the simulated kernel */
  simulated?: true;
  /** things about this machine that a reader should know, e.g. that Python is missing */
  notes: string[];
  /** all has passed, and this is worth a look all the same; at most two sentences without a full stop */
  look?: string[];
}

/**
 * Judges a program.
 *
 * @returns one result for each check that was asked for, in order
 * @throws Error when the run could not even begin, e.g. because the document's ports are taken
 */
export async function runMilestone(request: RunRequest): Promise<MilestoneResult> {
  const start = performance.now();
  const reaper = request.simulated ? nothingToReap() : new Reaper();
  const folder = join(workshopFolder, 'runs', reaper.mark);
  mkdirSync(folder, { recursive: true });
  let arena: Arena | undefined;
  try {
    const [program, chosen] = await Promise.all([prepare(request, folder), chooseArena(request, reaper)]);
    arena = chosen;
    const run = new MilestoneRun(request, program, arena, reaper, request.sandbox?.traces ?? folder);
    const results = await run.all();
    const { milestone, candidate, seed } = request;
    const look = run.look(results);
    const ms = request.simulated ? results.reduce((sum, one) => sum + one.ms, 0) : performance.now() - start;
    const result = {
      stage: stageOf(milestone),
      milestone,
      candidate,
      seed,
      results,
      ms,
      notes: arena.notes,
      ...(request.simulated && { simulated: true as const }),
    };
    return look.length > 0 ? { ...result, look } : result;
  } finally {
    arena?.release();
    reaper.release();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A simulated program is no process. */
function nothingToReap(): Pick<Reaper, 'mark' | 'watch' | 'release'> {
  return { mark: randomUUID(), watch() {}, release() {} };
}

async function prepare(
  { candidate, sandbox, simulated }: RunRequest,
  folder: string,
): Promise<ProgramSpec | SimulatedProgram | BuildFailure> {
  try {
    if (simulated && candidate.kind === 'file') return await buildForSimulation(candidate.path, folder);
    if (sandbox !== undefined) return await sandbox.prepare(candidate);
    if (candidate.kind === 'file') return await buildProgram(candidate.path, folder);
    return { argv: ['sh', '-c', candidate.command], cwd: candidate.cwd, label: candidate.command };
  } catch (error) {
    if (error instanceof BuildFailure) return error;
    throw error;
  }
}

/** Node needs a fraction of a second of processor time to start; after that, checks mostly wait. */
const CHECKS_PER_PROCESSOR = 3;

/** The first try had its full time; the retry need not wait as long for missing bytes. */
const SECOND_PATIENCE = 0.5;
/** How often a check may run under strace, for the explanation. */
const TRACED_ATTEMPTS = 2;

type Attempt = (traced: boolean, patience: number, ending?: string) => Promise<Outcome>;

/** The state of one run: which checks may start, and which need not. */
class MilestoneRun {
  readonly #request: RunRequest;
  readonly #program: ProgramSpec | SimulatedProgram | BuildFailure;
  readonly #arena: Arena;
  readonly #reaper: Pick<Reaper, 'mark' | 'watch'>;
  /** where traces go */
  readonly #folder: string;
  readonly #turns = new Turns();
  /** checks that wait for what they need */
  readonly #early: (() => void)[] = [];
  #traces = 0;
  /** what the program did in the check that the milestone names for a look inside */
  #looked: Recording | undefined;
  readonly #checks: Check[];
  readonly #aborts = new Map<string, AbortController>();
  /** the outcome of a check that has run; undefined: it need not run */
  readonly #outcomes = new Map<string, Outcome | undefined>();
  /** the final results for the report */
  readonly #results = new Map<string, CheckResult>();

  constructor(
    request: RunRequest,
    program: ProgramSpec | SimulatedProgram | BuildFailure,
    arena: Arena,
    reaper: Pick<Reaper, 'mark' | 'watch'>,
    folder: string,
  ) {
    this.#folder = folder;
    this.#request = request;
    this.#program = program;
    this.#arena = arena;
    this.#reaper = reaper;
    const { only, milestone } = request;
    this.#checks = milestone.checks.filter((check) => only === undefined || only.includes(check.id));
    for (const check of this.#checks) this.#aborts.set(check.id, new AbortController());
    const abortAll = (): void => {
      for (const abort of this.#aborts.values()) abort.abort();
      this.#news();
    };
    request.signal?.addEventListener('abort', abortAll);
    // The signal may have been aborted before the listener was added.
    if (request.signal?.aborted) abortAll();
  }

  async all(): Promise<CheckResult[]> {
    const waiting = [...this.#checks];
    const lanes = this.#arena.sideBySide ? CHECKS_PER_PROCESSOR * availableParallelism() : 1;
    const lane = async (): Promise<void> => {
      for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) await this.#one(check);
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return this.#checks.flatMap((check) => this.#results.get(check.id) ?? []);
  }

  async #one(check: Check): Promise<void> {
    const wanted = this.#blocker(check) === undefined && !this.#isUnwanted(check);
    this.#outcomes.set(check.id, wanted ? await this.#execute(check) : undefined);
    this.#settleAll();
  }

  /** What is worth a look in a program that has passed all its checks. */
  look(results: CheckResult[]): string[] {
    const program = this.#program;
    const green = results.length === this.#request.milestone.checks.length && results.every(isPassed);
    const file = program instanceof BuildFailure ? undefined : program.argv.at(-1);
    if (!green || file === undefined || this.#looked === undefined) return [];
    return worthALook(this.#looked.trace, readFileSync(file, 'utf8'));
  }

  /** Runs a check that has passed once more, with the trace on; whatever comes of it, the verdict stands. */
  async #lookInside(check: Check, attempt: Attempt): Promise<void> {
    const { milestone, candidate, look = false, patience = 1 } = this.#request;
    if (!look || candidate.kind !== 'file' || milestone.look !== check.id) return;
    this.#looked = (await attempt(true, patience)).recording;
  }

  #execute(check: Check): Promise<Outcome> | Outcome {
    const { milestone, seed } = this.#request;
    const program = this.#program;
    if (program instanceof BuildFailure) return buildFailed(program);
    const signal = this.#aborts.get(check.id)?.signal ?? new AbortController().signal;
    const execute = async (traced: boolean, patience: number, ending: string): Promise<Outcome> => {
      // The run may have been aborted while this check waited for its turn.
      if (signal.aborted) return { status: 'skipped', reason: 'stopped', ms: 0 };
      const settings = {
        program,
        ports: this.#arena.ports(stageOf(milestone).upstreams),
        seed,
        patience,
        ...(traced && { trace: join(this.#folder, `${check.id}-${this.#traces++}${ending}`) }),
      };
      if ('code' in program) return executeSimulated(simulationOf(program, milestone, check, settings), signal);
      if (!this.#arena.namespaces) return executeCheck(check, { ...settings, reaper: this.#reaper }, signal);
      const order = { milestone: milestone.id, check: check.id, settings, mark: this.#reaper.mark };
      return executeInNamespace(order, this.#reaper, signal);
    };
    const attempt = (traced: boolean, patience: number, ending = '.jsonl'): Promise<Outcome> =>
      this.#undisturbed(check, () => execute(traced, patience, ending), signal);
    return this.#withSecondLook(attempt, signal).then(async (outcome) => {
      if (outcome.status === 'pass' && !signal.aborted) await this.#lookInside(check, attempt);
      return outcome;
    });
  }

  /**
   * Hard-coded ports collide across parallel checks, even one beside the assigned port. The checker causes that collision,
   * so the check runs again while no other check runs, after the checks that it needs have their results.
   */
  async #undisturbed(check: Check, execute: () => Promise<Outcome>, signal: AbortSignal): Promise<Outcome> {
    const outcome = await this.#turns.beside(execute);
    const isInItsWay = this.#arena.sideBySide && !this.#arena.namespaces && foundPortTaken(outcome);
    if (!isInItsWay) return outcome;
    const isEarly = (): boolean => this.#checks.some(({ id }) => check.needs?.includes(id) && !this.#results.has(id));
    while (!signal.aborted && isEarly()) await new Promise<void>((resolve) => this.#early.push(resolve));
    return signal.aborted ? outcome : await this.#turns.alone(execute);
  }

  /** A result has become certain, or the run was aborted. */
  #news(): void {
    for (const wake of this.#early.splice(0)) wake();
  }

  /**
   * Retries a failed check with the same bytes, and traces the program's system calls. The retry tells a bug from a flaky
   * failure and gives the explanation its evidence, and a check that passes costs neither.
   */
  async #withSecondLook(attempt: Attempt, signal: AbortSignal): Promise<Outcome> {
    const { milestone, patience = 1, record = false, secondLook = true } = this.#request;
    const first = await attempt(record, patience);
    if (first.status !== 'fail' || signal.aborted || !secondLook) return first;
    // A second run would only stop at the same stub.
    if (first.evidence !== undefined && stoppedAtDueStub(first.evidence, milestone.id)) return first;
    const second = await attempt(true, patience * SECOND_PATIENCE);
    if (second.status === 'fail') {
      const seen = await this.#throughStrace(attempt, second, patience * SECOND_PATIENCE);
      return { ...seen, ms: first.ms + seen.ms };
    }
    if (second.status !== 'pass' || second.recording === undefined) return first;
    return { ...first, status: 'flaky', recording: second.recording, ms: first.ms + second.ms };
  }

  /**
   * A program in another language writes no trace itself. If strace can make one, the check runs a third time, for the
   * explanation only: strace slows a program down, so that run's verdict would not count. On a busy machine that run may
   * fail in another way; then it gets one retry.
   */
  async #throughStrace(attempt: Attempt, failed: Outcome, patience: number): Promise<Outcome> {
    const wanted = this.#request.candidate.kind === 'command' && failed.evidence?.trace.length === 0;
    if (!wanted || !straceWorks()) return failed;
    let { ms } = failed;
    for (let attempts = 0; attempts < TRACED_ATTEMPTS; attempts += 1) {
      const traced = await attempt(true, patience, STRACE_ENDING);
      ms += traced.ms;
      const same = traced.status === 'fail' && traced.evidence?.symptom === failed.evidence?.symptom;
      if (same && traced.evidence?.trace.length !== 0) return { ...traced, ms };
    }
    return { ...failed, ms };
  }

  /** The first check that this one needs and that did not pass. */
  #blocker(check: Check): CheckResult | undefined {
    const needed = (check.needs ?? []).map((id) => this.#results.get(id));
    return needed.find((result) => result !== undefined && result.status !== 'pass');
  }

  /** A result is certain when those of the checks that it needs are. */
  #settleAll(): void {
    const ready = this.#checks.find((check) => !this.#results.has(check.id) && this.#isReady(check));
    if (ready === undefined) return;
    this.#settle(ready);
    this.#settleAll();
  }

  #isReady(check: Check): boolean {
    const needed = this.#checks.filter((other) => check.needs?.includes(other.id));
    return this.#outcomes.has(check.id) && needed.every((other) => this.#results.has(other.id));
  }

  /** A check that needs a failed one is not judged, even if it ran: it could only report the same failure again. */
  #settle(check: Check): void {
    const blocker = this.#blocker(check);
    const outcome = this.#outcomes.get(check.id);
    const number = this.#request.milestone.checks.indexOf(check) + 1;
    const base = { number, id: check.id, title: check.title };
    const result: CheckResult =
      blocker !== undefined || outcome === undefined
        ? { ...base, status: 'skipped', reason: skippedBy(blocker), ms: outcome?.ms ?? 0 }
        : { ...base, ...outcome, ...this.#explained(check, outcome) };
    this.#results.set(check.id, result);
    this.#request.onResult?.(result);
    for (const other of result.status === 'pass' ? [] : this.#checks) {
      if (other.needs?.includes(check.id) || this.#isUnwanted(other)) this.#aborts.get(other.id)?.abort();
    }
    this.#news();
  }

  #isUnwanted(check: Check): boolean {
    if (!this.#request.stopAtFirstFailure) return false;
    const before = this.#checks.slice(0, this.#checks.indexOf(check));
    return before.some((other) => this.#results.get(other.id)?.status === 'fail');
  }

  #explained(check: Check, outcome: Outcome): Partial<CheckResult> {
    if (outcome.evidence === undefined) return {};
    const stage = stageOf(this.#request.milestone);
    return { explanation: explain(check, outcome.evidence, stage, this.#request.candidate.kind === 'file') };
  }
}

/** In the simulation, nothing has a path of this machine. */
function simulationOf(
  { code, label }: SimulatedProgram,
  milestone: Milestone,
  check: Check,
  settings: SimulationOrder['settings'],
): SimulationOrder {
  const program = { argv: [], cwd: '/workshop', label, afterLesson: true };
  return { milestone: milestone.id, check: check.id, settings: { ...settings, program }, code };
}

/** Whether a program exited because a port was in use, by the error message that most languages print. */
export function foundPortTaken({ status, evidence }: Pick<Outcome, 'status' | 'evidence'>): boolean {
  const lines = evidence?.exit === undefined ? [] : evidence.lastLines;
  return status === 'fail' && lines.some((line) => /EADDRINUSE|address (is )?already in use/i.test(line));
}

function isPassed({ status }: CheckResult): boolean {
  return status === 'pass';
}

function skippedBy(blocker: CheckResult | undefined): string {
  if (blocker === undefined) return 'stopped';
  return blocker.status === 'skipped' && blocker.reason ? blocker.reason : `check ${blocker.number} has to pass first`;
}

/** The same outcome for every check: the program cannot be started. The first check reports it, the others need that one. */
function buildFailed(failure: BuildFailure): Outcome {
  const evidence = {
    failedAt: 0,
    symptom: 'unreadable' as const,
    did: ['read the program'],
    expected: 'a TypeScript program that can be started',
    observed: failure.lines[0] ?? 'it cannot be read',
    lastLines: failure.lines.slice(0, 12),
    ...(failure.startedFiles.length > 0 && { startedFiles: failure.startedFiles }),
    otherPorts: [],
    ports: { proxy: 0, upstream: 0 },
    timeline: [],
    trace: [],
  };
  return { status: 'fail', evidence, ms: 0 };
}
