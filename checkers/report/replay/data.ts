/** The data of the replay page: the verdict of each check of a milestone, and its steps. */
import type { CheckResult, Explanation, Recording } from '../../contract/check.ts';
import { hexLine } from '../../contract/compare.ts';
import type { TraceRecord } from '../../contract/trace-record.ts';
import { isOfProcesses, shareTheWork } from '../../explain/processes.ts';
import { stateLines } from '../../explain/state.ts';
import type { MilestoneResult } from '../../run/run.ts';
import { labels } from '../labels.ts';
import { againCommand, exitInWords, judged, titleOf } from '../naming.ts';
import { escapeJson } from './escape.ts';
import { type Call, cleanCall, cleanOutside, cleanText } from './model/events.ts';
import { pack } from './model/pack.ts';
import type { CheckPage, Finding, ReplayData } from './model/page-data.ts';
import { emptyState } from './model/state.ts';
import { type CallStep, type Step, stepsOf } from './model/steps.ts';
import { thin } from './model/thin.ts';
import { sourcesFor } from './sources.ts';

/** The most steps of a check's recording; the larger number is for the check with which the page opens. */
const STEPS = 900;
const STEPS_FIRST = 2000;
/** The last resort. */
const STEPS_LAST = 100;
/** How many lengths are tried until one fits. */
const ATTEMPTS = 3;
/** The steps of all checks together, packed; the rest of the page needs the room below 1 MB. */
const BUDGET = 600_000;
/** A very long trace is cut to this many lines at its start and at its end. */
const HALF_TRACE = 8000;
const WORDS = {
  pass: 'passed',
  fail: 'failed',
  flaky: 'flaky',
  skipped: 'not judged',
  broken: 'broken',
};

/** The contents of the page about a milestone. */
export function replayData(result: MilestoneResult): ReplayData {
  const prepared = result.results.flatMap((check) => timesOf(check).map((time) => prepare(result, time)));
  const opensAt = firstOfInterest(prepared);
  const checks = fitted(prepared, opensAt);
  const files = prepared.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'call' ? (step.place?.file ?? []) : [])),
  );
  return {
    kind: 'replay',
    role: result.stage.role,
    title: titleOf(result),
    judged: cleanText(judged(result)),
    note: `Seed ${result.seed}.`,
    checks,
    opensAt,
    sources: sourcesFor(new Set(files), result.candidate),
  };
}

/** The checks with as many of their steps as there is room for. */
function fitted(prepared: Prepared[], opensAt: number): CheckPage[] {
  let share = 1;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const checks = prepared.map((check, index) => {
      return finish(check, Math.ceil(share * (index === opensAt ? STEPS_FIRST : STEPS)));
    });
    const size = escapeJson(checks).length;
    if (size <= BUDGET) return checks;
    share *= (0.8 * BUDGET) / size;
  }
  // Only a forged trace is that large: without the trace, the page fits.
  return prepared.map((check) =>
    finish({ ...check, steps: check.steps.filter(({ kind }) => kind !== 'call') }, STEPS_LAST),
  );
}

/** A flaky check has two recordings: of the run that failed, and of the run that passed. */
function timesOf(check: CheckResult): CheckResult[] {
  const { status, title, evidence, recording } = check;
  if (status !== 'flaky' || evidence === undefined || recording === undefined) return [check];
  const { evidence: _failed, explanation: _why, ...passed } = check;
  return [
    { ...check, title: `${title} (the first time, when it failed)` },
    { ...passed, title: `${title} (the second time, when it passed)`, ms: Number.POSITIVE_INFINITY },
  ];
}

function firstOfInterest(results: Pick<CheckResult, 'status'>[]): number {
  const failed = results.findIndex(({ status }) => status === 'fail');
  const odd = results.findIndex(({ status }) => status === 'flaky' || status === 'broken');
  return Math.max(0, failed === -1 ? odd : failed);
}

interface Prepared extends Omit<CheckPage, 'steps' | 'opensAt' | 'wrongAt' | 'traced'> {
  steps: Step[];
  wrong?: Step;
}

function prepare(result: MilestoneResult, check: CheckResult): Prepared {
  const { evidence, explanation } = check;
  const recording: Recording = evidence ?? check.recording ?? { timeline: [], trace: [] };
  const steps = recordedSteps(recording);
  const until = check.status === 'pass' ? steps.filter((step) => step.ms <= check.ms) : steps;
  const verdict = verdictStep(check, until);
  // What a client connects to is the server, on the port that it was given. With several upstreams any port may be one.
  const side = result.stage.role === 'client' ? 'proxy' : 'upstream';
  const upstreamPort = result.stage.upstreams === undefined ? (evidence?.ports[side] ?? 0) : 0;
  const summary = `Check ${check.number}, ${check.id}: ${WORDS[check.status]}`;
  return {
    number: check.number,
    id: check.id,
    title: check.title,
    status: check.status,
    summary,
    findings: findings(result, check).map(([label, text]) => [label, cleanText(text, 600)]),
    listing: listing(check).map((line) => cleanText(line, 400)),
    steps: until.length === 0 ? [] : [...until, ...verdict],
    upstreamPort,
    ...(evidence !== undefined && { wrong: wrongStep(until, recording, explanation) ?? verdict[0] }),
  };
}

function recordedSteps({ trace, timeline }: Recording): Step[] {
  const calls = trace.length > 2 * HALF_TRACE ? [...trace.slice(0, HALF_TRACE), ...trace.slice(-HALF_TRACE)] : trace;
  return stepsOf(
    sideBySide(calls) || shareTheWork(trace)
      ? []
      : withWaits(calls.flatMap((line) => (isOfProcesses(line) ? [] : (cleanCall(line) ?? [])))),
    timeline.flatMap((entry) => cleanOutside(entry) ?? []),
  );
}

/**
 * Whether several processes made the calls at the same time. Each has its own descriptors with the same numbers, and the
 * picture would mix them up. Processes one after the other, as after a restart, are no problem.
 */
function sideBySide(trace: TraceRecord[]): boolean {
  const seen = new Set<number | undefined>();
  let current: number | undefined;
  for (const line of trace) {
    const pid = line?.pid;
    if (pid === current) continue;
    if (seen.has(pid)) return true;
    seen.add(pid);
    current = pid;
  }
  return false;
}

/** strace does not give the duration of a call. A wait lasts almost until the program's next call. */
function withWaits(calls: Call[]): Call[] {
  return calls.map((call, index) => {
    const next = calls[index + 1];
    const unknown = call.call === 'epoll_wait' && call.took === 0 && next !== undefined;
    return unknown ? { ...call, took: Math.max(0, next.ms - call.ms) } : call;
  });
}

function verdictStep({ status, evidence }: CheckResult, steps: Step[]): Step[] {
  if (status !== 'pass' && evidence === undefined) return [];
  const text =
    evidence === undefined
      ? 'The checker has seen what it wanted to see: the check passes.'
      : `The checker gives up: ${evidence.observed}.`;
  return [{ kind: 'verdict', ms: steps.at(-1)?.ms ?? 0, passed: status === 'pass', text: cleanText(text, 600) }];
}

/**
 * The step of the failure: the first call in the explanation's proof, from the explanation's moment on; without one, the
 * entry of the timeline itself.
 */
function wrongStep(
  steps: Step[],
  { timeline, trace }: Recording,
  explanation: Explanation | undefined,
): Step | undefined {
  const call = wrongCallStep(steps, trace, explanation);
  if (call !== undefined) return call;
  const index = explanation?.wrongAt;
  const entry = index === undefined ? undefined : timeline[index];
  if (entry === undefined) return undefined;
  const later = steps.filter((step) => step.ms >= entry.ms);
  const calls = later.filter((step): step is CallStep => step.kind === 'call');
  const named = (explanation?.proof ?? []).flatMap((proof) => calls.find((call) => proofNames(proof, call)) ?? []);
  return named[0] ?? later[0];
}

/** The call that the explanation names: among calls with its name and descriptor, the one at the same place. */
function wrongCallStep(
  steps: Step[],
  trace: TraceRecord[],
  explanation: Explanation | undefined,
): CallStep | undefined {
  const wrong = explanation?.wrongCall;
  if (wrong === undefined || trace.length > 2 * HALF_TRACE) return undefined;
  const alike = ({ call, fd }: { call: string; fd: number }): boolean => call === wrong.call && fd === wrong.fd;
  const place = trace.filter((line) => alike(line) && line.ms < wrong.ms).length;
  return steps.filter((step): step is CallStep => step.kind === 'call' && step.phase !== 'returns' && alike(step))[
    place
  ];
}

function proofNames(proof: string, { call, fd, phase, result, errno, place }: CallStep): boolean {
  const begin = proof.includes(`${call}(${fd === -1 ? '' : fd}`);
  if (!begin || (place !== undefined && !proof.includes(`:${place.line}`))) return false;
  if (phase === 'begins') return proof.includes('was not over');
  const outcome = result === -1 ? `failed with ${errno}` : `returned ${result}`;
  return proof.includes(outcome) || !/returned|failed|was not over/.test(proof);
}

function finish({ steps, wrong, ...rest }: Prepared, most: number): CheckPage {
  const focus = wrong === undefined ? -1 : steps.indexOf(wrong);
  const thinned = thin(steps, emptyState(rest.upstreamPort), { most, ...(focus !== -1 && { focus }) });
  const wrongAt = wrong === undefined ? -1 : thinned.indexOf(wrong);
  return {
    ...rest,
    steps: pack(thinned),
    opensAt: Math.max(0, wrongAt),
    ...(wrongAt !== -1 && { wrongAt }),
    traced: steps.some((step) => step.kind === 'call'),
  };
}

function findings(result: MilestoneResult, check: CheckResult): Finding[] {
  const { evidence, explanation, status, reason } = check;
  const lines: Finding[] = [];
  const { length } = (evidence ?? check.recording)?.trace ?? [];
  if (length > 2 * HALF_TRACE) lines.push([labels.note, cutNote(length)]);
  if (reason !== undefined) lines.push([labels.reason, reason]);
  if (status === 'flaky') {
    lines.push([
      labels.twice,
      'The check failed, and passed when it was tried again with the same bytes: often a race in the program.',
    ]);
  }
  if (evidence !== undefined) {
    lines.push([labels.did, evidence.did.join('; ')], [labels.expected, evidence.expected]);
    lines.push([
      labels.observed,
      evidence.exit ? `${evidence.observed} ${exitInWords(evidence.exit)}` : evidence.observed,
    ]);
  }
  for (const line of evidence === undefined ? [] : stateLines(evidence, result.stage.role))
    lines.push([labels.state, line]);
  if (explanation !== undefined) {
    lines.push([labels.cause, explanation.cause ?? 'we do not know why; walk through the steps and see']);
    for (const proof of explanation.proof ?? []) lines.push([labels.proof, proof]);
    lines.push([labels.next, explanation.next], [labels.read, explanation.doc]);
  }
  if (status === 'fail') lines.push([labels.again, againCommand(result, check)]);
  return lines;
}

function cutNote(length: number): string {
  const [all, half] = [length, HALF_TRACE].map((count) => count.toLocaleString('en-US'));
  return `The trace has ${all} lines. This page knows the first ${half} and the last ${half}; what came between may be missing from the picture.`;
}

function listing({ evidence }: CheckResult): string[] {
  if (evidence === undefined) return [];
  const lines: string[] = [];
  if (evidence.difference !== undefined) {
    const { from, expected, observed } = evidence.difference;
    lines.push(`from byte ${from.toLocaleString('en-US')} on:`);
    if (expected.length > 0) lines.push(`due   ${hexLine(expected)}`);
    lines.push(`came  ${hexLine(observed)}`);
  }
  if (evidence.lastLines.length > 0) lines.push('the program printed last:', ...evidence.lastLines);
  return lines;
}
