/** Judges one submission for the grader: all milestones of its stage, within its time. */
import { findStage } from '../../course/course.ts';
import { bringUpLoopback } from '../../kernel/loopback.ts';
import type { Candidate } from '../../run/candidate.ts';
import { runMilestone, type Sandbox } from '../../run/run.ts';
import type { JudgedCheck, JudgedMilestone, WorkerAnswer, WorkerOrder } from '../contract/order.ts';
import { programUser } from '../isolation/launcher.ts';
import { sweepUser } from '../isolation/sweep.ts';
import { watchCrowd } from './crowd.ts';
import { mayInsist } from './fixed-ports.ts';
import { watchHelpers } from './helpers.ts';
import { judgeMilestone } from './judge.ts';
import { type EndedProcess, memoryCause, watchMemory } from './memory.ts';
import { probe } from './probe.ts';
import { makeSandbox } from './sandbox.ts';

/** Carries out the order. Does not throw: errors are in the answer. */
export async function work(order: WorkerOrder): Promise<WorkerAnswer> {
  const late = AbortSignal.timeout(order.limitMs);
  const milestones: JudgedMilestone[] = [];
  const seen: string[] = [];
  const ended: EndedProcess[] = [];
  const leave = enter(order, seen, ended);
  let helpers: () => string | undefined = () => undefined;
  // Clean up even if the grader has cancelled.
  process.once('exit', leave);
  try {
    if (order.probe) return { milestones, notes: [], broken: null, escapes: await probe(order, order.probe) };
    const sandbox = makeSandbox(order);
    if (order.record) return { milestones, notes: [], broken: null, ...(await recordLast(order, sandbox, late)) };
    helpers = helpersOf(order);
    for (const milestone of findStage(order.stage)?.milestones ?? []) {
      const { seed, patience, replays, fixedPorts } = order;
      const judged = await judgeMilestone(
        { milestone, candidate: candidateOf(order), seed, patience, sandbox, fixedPorts, signal: late },
        replays,
        sandbox.starts,
        (first) => !order.ours && mayInsist(first, milestones),
        (pid) => causeOfEnd(ended, pid),
      );
      if (judged === undefined) return { milestones: [], notes: [], broken: null, mayInsist: true };
      milestones.push(
        late.aborted ? { ...judged, checks: judged.checks.map((check) => outOfTime(check, order)) } : judged,
      );
    }
    return {
      milestones,
      notes: [...notesOn(order, late, seen), ...[helpers()].filter((what) => what !== undefined)],
      broken: null,
    };
  } catch (error) {
    const broken = error instanceof Error ? error.message : String(error);
    return { milestones, notes: notesOn(order, late, seen), broken };
  } finally {
    helpers();
    leave();
  }
}

/** What a level needs besides the words before commands; returns what ends it. */
function enter(order: WorkerOrder, seen: string[], ended: EndedProcess[]): () => void {
  const { isolation } = order;
  process.umask(0o022);
  if (isolation === 'unshare') bringUpLoopback();
  if (isolation === 'process-group') return () => {};
  const user = programUser(order);
  const onEnd = (what: string, process: EndedProcess): void => {
    seen.push(what);
    ended.push(process);
  };
  const stops = [watchMemory(onEnd, user), watchCrowd(user)];
  return () => {
    for (const stop of stops) stop();
    if (user !== undefined) sweepUser(user);
  };
}

/** Why a program failed, if one of its processes was ended for its memory. */
function causeOfEnd(ended: EndedProcess[], pid: number): ReturnType<typeof memoryCause> | undefined {
  const found = ended.find(({ line }) => line.includes(pid));
  return found && memoryCause(found.name);
}

/** So many calls of a check tell enough, and an answer has a limit. */
const MAX_CALLS = 5000;

/** The system calls of the stage's last milestone, check by check. */
async function recordLast(
  order: WorkerOrder,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Pick<WorkerAnswer, 'traces' | 'mayInsist'>> {
  const milestone = findStage(order.stage)?.milestones.at(-1);
  if (milestone === undefined) return { traces: [] };
  const { seed, patience, fixedPorts } = order;
  const how = { record: true, secondLook: false, seed, patience, fixedPorts, sandbox, signal };
  const recorded = await runMilestone({ milestone, candidate: candidateOf(order), ...how });
  if (!fixedPorts && mayInsist(recorded, [])) return { mayInsist: true };
  const traces = recorded.results.map(({ title, recording, evidence }) => ({
    check: title,
    trace: (recording ?? evidence)?.trace.slice(0, MAX_CALLS) ?? [],
  }));
  return { traces };
}

/** A file of the course does its work itself; a program in another language may do it as it likes. */
function helpersOf(order: WorkerOrder): () => string | undefined {
  const { isolation, program } = order;
  if (program.kind !== 'file' || isolation === 'process-group') return () => undefined;
  return watchHelpers(programUser(order));
}

function candidateOf({ program }: WorkerOrder): Candidate {
  if (program.kind === 'file') return { kind: 'file', path: program.path, whose: 'learner' };
  return { kind: 'command', command: program.run, cwd: program.cwd };
}

function notesOn({ limitMs }: WorkerOrder, late: AbortSignal, seen: string[]): string[] {
  const notes = [...new Set(seen)];
  if (!late.aborted) return notes;
  return [...notes, `The time for one submission, ${limitMs / 1000} s, was over before all checks were done.`];
}

/** A check that the program delayed beyond the time limit has failed; a blocked one stays blocked. */
function outOfTime(check: JudgedCheck, { limitMs }: WorkerOrder): JudgedCheck {
  const { status, reason } = check.json;
  if (status !== 'skipped' || reason !== 'stopped') return check;
  return {
    attempts: ['out of time'],
    json: {
      ...check.json,
      status: 'fail',
      reason: `the time for one submission, ${limitMs / 1000} s, was over before this check was done`,
    },
  };
}
