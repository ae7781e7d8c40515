/**
 * Judges a milestone until every check is certain. A broken check is retried up to twice; a check that failed once
 * and passed once is decided by a third try; and what waited for a check that counts after all is judged then.
 */

import type { CheckResult } from '../../contract/check.ts';
import type { Milestone } from '../../course/course.ts';
import type { Check } from '../../harness/check.ts';
import { type CheckJson, checkAsData } from '../../report/json.ts';
import { replayData } from '../../report/replay/data.ts';
import type { ReplayData } from '../../report/replay/model/page-data.ts';
import { type MilestoneResult, type RunRequest, runMilestone } from '../../run/run.ts';
import type { JudgedCheck, JudgedMilestone } from '../contract/order.ts';

/** Maximum number of tries of a check. */
const TRIES = 3;
/** Texts are cut to this length, in characters. */
const LONGEST = 4000;

/**
 * Judges with everything that `request` says; `only` and `secondLook` are ours to choose.
 *
 * @param replays whether to say what happened, where a check failed
 * @param starts whether a program that does nothing can be started where this one was
 * @param isInVain whether the first run, on these ports, says nothing about the program
 * @param causeOfEnd why a program, by its first process, failed of which we ended a process
 * @returns undefined if it was in vain
 */
export async function judgeMilestone(
  request: RunRequest,
  replays = false,
  starts: () => Promise<boolean> = async () => false,
  isInVain: (first: MilestoneResult) => boolean = () => false,
  causeOfEnd: (pid: number) => Partial<CheckJson> | undefined = () => undefined,
): Promise<JudgedMilestone | undefined> {
  const { milestone, signal } = request;
  const judged = new Map<string, JudgedCheck>();
  /** failures with the message of a sandbox, as first observed */
  const complaints = new Map<string, CheckJson>();
  let ms = 0;
  let replay: ReplayData | undefined;
  const run = async (change: Partial<RunRequest>): Promise<MilestoneResult> => {
    const result = await runMilestone({ ...request, ...change });
    ms += result.ms;
    // Later runs are of some checks only.
    if (replays && change.only === undefined && hasFailed(result)) replay = replayData(result);
    for (const check of result.results) {
      const json = { ...bounded(checkAsData(result, check)), ...causeOfEnd(check.evidence?.pid ?? 0) };
      const complaint = complaintOf(json);
      if (complaint !== undefined) complaints.set(check.id, json);
      else complaints.delete(check.id);
      judged.set(check.id, joined(judged.get(check.id), result, check, notStarted(json, complaint)));
    }
    return result;
  };
  if (isInVain(await run({}))) return undefined;
  while (!signal?.aborted) {
    const uncertain = milestone.checks.filter((check) => isUncertain(judged.get(check.id)));
    const again = milestone.checks.filter((check) => wantsAnotherTry(check, milestone, judged));
    if (uncertain.length + again.length === 0) break;
    if (uncertain.length > 0) await run({ only: uncertain.map(({ id }) => id), secondLook: false });
    if (again.length > 0) await run({ only: again.map(({ id }) => id) });
  }
  // If only some checks saw it, their special conditions may keep a sandbox from starting.
  const ran = [...judged.values()].filter(({ json }) => json.status !== 'skipped');
  if (complaints.size > 0 && complaints.size === ran.length && (await starts())) {
    for (const [id, json] of complaints) judged.set(id, saidItself(json, judged.get(id)));
  }
  const checks = milestone.checks.flatMap(({ id }) => judged.get(id) ?? []);
  return { id: milestone.id, ms: Math.round(ms), checks, ...(replay && { replay }) };
}

/** Texts quote what a submission says, or what it calls its things, which may be a megabyte long, in each check. */
function bounded<T>(value: T): T {
  if (typeof value === 'string') return (value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value) as T;
  if (Array.isArray(value)) return value.map(bounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, bounded(inner)])) as T;
}

function hasFailed({ results }: MilestoneResult): boolean {
  return results.some(({ status }) => status === 'fail' || status === 'flaky');
}

function joined(
  before: JudgedCheck | undefined,
  result: MilestoneResult,
  check: CheckResult,
  json: CheckJson,
): JudgedCheck {
  const blocked = json.status === 'skipped' && isBlocked(result, check);
  const tries = json.status === 'flaky' ? ['fail', 'pass'] : [blocked ? 'blocked' : json.status];
  const attempts = [...(before?.attempts ?? []), ...tries];
  if (before?.json.status !== 'flaky') return { json, attempts };
  // The observation of a failure is worth more than another pass.
  const status = json.status === 'broken' ? 'broken' : mostlyPassed(attempts) ? 'flaky' : 'fail';
  return { json: { ...before.json, status }, attempts };
}

/** Whether it was skipped for a check that has to pass first, and not for what this machine lacks. */
function isBlocked({ milestone, results }: MilestoneResult, { id }: CheckResult): boolean {
  const needs = milestone.checks.find((check) => check.id === id)?.needs ?? [];
  return results.some((other) => needs.includes(other.id) && other.status !== 'pass');
}

/** The message of a sandbox that cannot start the program, or of a program that fakes it. */
function complaintOf({ status, lastLines }: CheckJson): string | undefined {
  if (status !== 'fail') return undefined;
  return lastLines?.find((line) => /^(bwrap|unshare|setpriv|prlimit): /.test(line));
}

/** A sandbox that could not start the program is our fault. */
function notStarted(json: CheckJson, complaint: string | undefined): CheckJson {
  if (complaint === undefined) return json;
  return { ...json, status: 'broken', reason: `the program could not be started in its sandbox: ${complaint}` };
}

/** Others can be started there, and this one complains in each check: the words are its own, and no way out of a mark. */
function saidItself(json: CheckJson, judged: JudgedCheck | undefined): JudgedCheck {
  return { json, attempts: (judged?.attempts ?? []).map((attempt) => (attempt === 'broken' ? 'fail' : attempt)) };
}

/** Whether more tries ended well than not. */
export function mostlyPassed(attempts: string[]): boolean {
  const passed = attempts.filter((attempt) => attempt === 'pass').length;
  return passed > attempts.filter((attempt) => attempt === 'fail').length;
}

/** Failed once, passed once: a third try decides. */
function isUncertain(check: JudgedCheck | undefined): boolean {
  return check?.json.status === 'flaky' && check.attempts.length < TRIES;
}

function wantsAnotherTry(check: Check, { checks }: Milestone, judged: Map<string, JudgedCheck>): boolean {
  const mine = judged.get(check.id);
  if (mine === undefined || mine.attempts.length >= TRIES) return false;
  if (mine.json.status === 'broken') return true;
  // It was skipped since a check that it needs had not passed at once; that one counts now.
  const needed = checks.filter(({ id }) => check.needs?.includes(id)).map(({ id }) => judged.get(id));
  const waited = mine.json.status === 'skipped' && mine.attempts.length === 1 && needed.some(wasTriedAgain);
  return waited && needed.every(counts);
}

function wasTriedAgain(check: JudgedCheck | undefined): boolean {
  return (check?.attempts.length ?? 0) > 1;
}

function counts(check: JudgedCheck | undefined): boolean {
  const status = check?.json.status;
  return status === 'pass' || (status === 'flaky' && mostlyPassed(check?.attempts ?? []));
}
