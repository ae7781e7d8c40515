/** Explains evidence: one cause, its proof, the next step, where to read. Only for failed checks; never changes a verdict. */

import { STUB_EXIT_CODE } from '../../stages/todo.ts';
import type { Evidence, Explanation } from '../contract/check.ts';
import type { Stage } from '../course/course.ts';
import type { Check } from '../harness/check.ts';
import type { Cause, Facts, Phrases, Rule } from './cause.ts';
import { ledAstrayRules } from './causes/led-astray.ts';
import { sharedSocketRules } from './causes/shared-sockets.ts';
import { errorOf } from './exit.ts';
import { type History, historyOf, told } from './history.ts';
import { shareTheWork } from './processes.ts';
import { rulesOf } from './rules-by-role.ts';
import { causeOfSymptom } from './symptoms.ts';
import { unstarted } from './unstarted.ts';
import { isWait } from './waits.ts';

/** Written by stages/todo.ts. */
const STUB = /^Not written yet: TODO (\d+\.\d+\.\d+) in (\S+)(?: \((.+):(\d+)\))?$/;

/** The line below it, in a traced run. */
const STUB_CALLER = /^ {2}called by (\S+) \((.+:\d+)\)$/;

/** Lines of proof; more would bury the sentence. */
const MAX_PROOF = 3;

/**
 * Explains a failed check.
 *
 * @param check which one
 * @param evidence the recorded evidence
 * @param stage the stage with the lesson and the file
 * @param typescript whether the program is the learner's TypeScript, which has TODOs
 */
export function explain(check: Check, evidence: Evidence, stage: Stage, typescript: boolean): Explanation {
  return (
    stubReached(check, evidence, stage) ??
    (typescript ? undefined : unstarted(evidence)) ??
    unreadable(evidence, stage) ??
    explainCause(check, evidence, stage, typescript)
  );
}

/**
 * Whether a program stopped at a stub that the judged milestone needs: a trace would add nothing. The way to a stub of a
 * later milestone shows in the trace alone.
 */
export function stoppedAtDueStub(evidence: Evidence, milestone: string): boolean {
  const [, todo] = stubIn(evidence) ?? [];
  return evidence.exit?.code === STUB_EXIT_CODE && !(todo !== undefined && isLater(todo, milestone));
}

function stubIn({ lastLines }: Evidence): RegExpExecArray | undefined {
  return lastLines.map((line) => STUB.exec(line)).find((match) => match !== null) ?? undefined;
}

function stubReached(check: Check, evidence: Evidence, stage: Stage): Explanation | undefined {
  const stub = stubIn(evidence);
  if (!stub || (evidence.exit !== undefined && evidence.exit.code !== STUB_EXIT_CODE)) return undefined;
  const [, todo = '', name = '', file = stage.file, line = ''] = stub;
  const judged = stage.milestones.find(({ checks }) => checks.includes(check))?.id;
  if (judged !== undefined && isLater(todo, judged)) {
    return stubTooEarly(check, evidence, stage, {
      name,
      notDueYet: `the program got to ${name}, which is still a stub: milestone ${judged} does without it (TODO ${todo} comes later), so an earlier function led there by mistake`,
    });
  }
  return {
    causeId: 'stub-reached',
    cause: `${name} is still a stub, and the program got there`,
    todo,
    next: `write TODO ${todo} in ${name} (${file}:${line})`,
    doc: `${stage.doc}#${sectionOf(name, stage)}`,
  };
}

/** Whether a TODO such as '3.2.1' belongs to a later milestone of the same stage than '3.1'. */
function isLater(todo: string, milestone: string): boolean {
  const [stage, number] = todo.split('.').map(Number);
  const [judgedStage, judged = Infinity] = milestone.split('.').map(Number);
  return stage === judgedStage && (number ?? 0) > judged;
}

/** The stub of a later milestone is not the mistake: the calls before it show what led there, or at least from where. */
function stubTooEarly(
  check: Check,
  evidence: Evidence,
  stage: Stage,
  stub: { name: string; notDueYet: string },
): Explanation {
  const facts: Facts = { checkId: check.id, role: stage.role, evidence, history: historyIn(evidence) };
  const call = facts.history.calls.at(-1);
  const [, caller, place] = evidence.lastLines.map((line) => STUB_CALLER.exec(line)).find((match) => match) ?? [];
  const unknown: Cause = {
    id: 'stub-too-early',
    text: stub.notDueYet,
    proof: [
      ...(caller === undefined ? [] : [`${caller} called ${stub.name} (${place})`]),
      ...(call ? [`the last system call: ${told(call)}`] : []),
    ],
    // No `call`: the mistake comes after it. Without the caller, its function is the nearest one that is known.
    functions: [caller ?? call?.fn ?? ''],
  };
  return explanationOf(firstCause(ledAstrayRules, facts) ?? unknown, check, evidence, stage, true);
}

function unreadable(evidence: Evidence, stage: Stage): Explanation | undefined {
  if (evidence.symptom !== 'unreadable') return undefined;
  const place = /^\S+:\d+/.exec(evidence.observed)?.[0] ?? stage.file;
  return {
    causeId: 'unreadable',
    cause: 'the file has a mistake, so it cannot be started',
    next: `look at ${place}, and at the lines just before it`,
    doc: stage.doc,
  };
}

function explainCause(check: Check, evidence: Evidence, stage: Stage, typescript: boolean): Explanation {
  const facts: Facts = { checkId: check.id, role: stage.role, evidence, history: historyIn(evidence) };
  return explanationOf(findCause(facts), check, evidence, stage, typescript);
}

function explanationOf(
  cause: Cause | undefined,
  check: Check,
  evidence: Evidence,
  stage: Stage,
  typescript: boolean,
): Explanation {
  const named = (cause?.functions ?? []).filter((name) => stage.todos[name] !== undefined);
  const section = named[0] === undefined ? check.doc : sectionOf(named[0], stage);
  const todo = named[0] === undefined ? check.todos[0] : stage.todos[named[0]];
  return {
    ...(cause && {
      causeId: cause.id,
      cause: cause.text,
      proof: cause.proof.slice(0, MAX_PROOF),
      wrongAt: momentOf(cause, evidence),
      ...(cause.call && { wrongCall: { ms: cause.call.ms, call: cause.call.call, fd: cause.call.fd } }),
    }),
    ...(!cause && { cause: causeOfSymptom(evidence, stage.role) }),
    ...(typescript && todo && { todo }),
    next: nextStep(check, cause, evidence, named, stage, typescript),
    doc: `${stage.doc}#${section}`,
  };
}

function findCause(facts: Facts): Cause | undefined {
  const rules = rulesOf(facts.role, facts.evidence.symptom);
  if (!shareTheWork(facts.evidence.trace)) return firstCause(rules, facts);
  // What one process does says nothing about the others: the rules for a single one then go by what was seen from outside.
  const fromOutside = { ...facts, evidence: { ...facts.evidence, trace: [] }, history: historyOf([]) };
  return firstCause(sharedSocketRules, facts) ?? firstCause(rules, fromOutside);
}

function firstCause(rules: Rule[], facts: Facts): Cause | undefined {
  for (const rule of rules) {
    const cause = attempt(() => rule(facts));
    if (cause !== undefined) return cause;
  }
  return undefined;
}

/** The history of the trace; empty if the trace cannot be parsed. */
function historyIn(evidence: Evidence): History {
  try {
    return withWait(historyOf(evidence.trace), evidence);
  } catch {
    return historyOf([]);
  }
}

/** strace writes a call when it returns, or when another thread makes one; /proc shows a call that still waits. */
function withWait(history: History, { state }: Evidence): History {
  const [only, ...others] = state?.processes ?? [];
  const last = history.calls.at(-1);
  if (history.unfinished || last === undefined || others.length > 0 || only?.call === undefined || !isWait(only.call))
    return history;
  const { at, ms, pid } = last;
  const { call } = only;
  const fd = history.calls.findLast((one) => one.call === call)?.fd ?? -1;
  return { ...history, unfinished: { at, ms, pid, call, fd, args: {} } };
}

/** A learner's program can write anything into its trace: a rule that throws on it finds no cause. */
function attempt(rule: () => Cause | undefined): Cause | undefined {
  try {
    return rule();
  } catch {
    return undefined;
  }
}

/** The entry of the timeline at which the cause's call returned, or at which it began where it has not returned. */
function momentOf(cause: Cause, evidence: Evidence): number | undefined {
  const { call } = cause;
  if (call === undefined) return undefined;
  const end = call.ms + (call.result === undefined ? 0 : (call.took ?? 0));
  const index = evidence.timeline.findLastIndex(({ ms }) => ms <= end);
  return index === -1 ? undefined : index;
}

function nextStep(
  check: Check,
  cause: Cause | undefined,
  evidence: Evidence,
  named: string[],
  stage: Stage,
  typescript: boolean,
): string {
  if (!typescript) return 'compare what your program does there with the section named below';
  const place =
    evidence.symptom === 'stopped' || cause?.id === 'uncaught-error' ? errorOf(evidence.lastLines)?.place : undefined;
  if (place !== undefined) return `look at ${place}`;
  if (named.length > 0) {
    return `look again at ${named.map((name) => `${name} (TODO ${stage.todos[name]})`).join(' and ')}`;
  }
  return `look again at TODO ${check.todos.join(', ')}`;
}

/** The lesson has a section for each function; a few share one. */
function sectionOf(name: string, stage: Stage): string {
  return stage.sections?.[name] ?? name.toLowerCase();
}

export const phrases: Phrases = {
  'stub-too-early': 'get[s] to a function of a later milestone too early',
  'stub-reached': 'get[s] to a function that is still to be written',
  unreadable: '[have|has] a mistake in the file that keeps it from being started',
};
