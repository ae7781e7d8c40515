/** A result as JSON. Its shape is docs/milestone-result.schema.json; a change of shape changes `version`. */
import type { CheckResult } from '../contract/check.ts';
import { stateLines } from '../explain/state.ts';
import type { MilestoneResult } from '../run/run.ts';
import { againCommand, exitInWords, judged } from './naming.ts';

/** Incremented with each incompatible change of the JSON. */
export const JSON_VERSION = 2;

/** The result as plain data. */
export function jsonReport(result: MilestoneResult): object {
  return {
    version: JSON_VERSION,
    milestone: result.milestone.id,
    judged: judged(result),
    seed: result.seed,
    passed: result.results.every((check) => check.status === 'pass'),
    ms: Math.round(result.ms),
    notes: result.notes,
    ...(result.simulated && { simulated: true }),
    ...(result.look && { look: result.look }),
    checks: result.results.map((check) => checkAsData(result, check)),
  };
}

/** One check, as docs/milestone-result.schema.json describes it. */
export interface CheckJson {
  number: number;
  id: string;
  title: string;
  status: CheckResult['status'];
  ms: number;
  reason: string | null;
  did: string[] | null;
  expected: string | null;
  observed: string | null;
  difference: { offset: number; from: number; expected: string; observed: string } | null;
  ended: string | null;
  lastLines: string[] | null;
  state: string[] | null;
  causeId: string | null;
  cause: string | null;
  proof: string[] | null;
  todo: string | null;
  next: string | null;
  doc: string | null;
  again: string | null;
}

/** A check as plain data. */
export function checkAsData(result: MilestoneResult, check: CheckResult): CheckJson {
  const { evidence, explanation } = check;
  return {
    number: check.number,
    id: check.id,
    title: check.title,
    status: check.status,
    ms: Math.round(check.ms),
    reason: check.reason ?? null,
    did: evidence?.did ?? null,
    expected: evidence?.expected ?? null,
    observed: evidence?.observed ?? null,
    difference: evidence?.difference
      ? {
          offset: evidence.difference.offset,
          from: evidence.difference.from,
          expected: evidence.difference.expected.toString('hex'),
          observed: evidence.difference.observed.toString('hex'),
        }
      : null,
    ended: evidence?.exit ? exitInWords(evidence.exit) : null,
    lastLines: evidence?.lastLines ?? null,
    state: evidence ? stateLines(evidence, result.stage.role) : null,
    causeId: explanation?.causeId ?? null,
    cause: explanation?.cause ?? null,
    proof: explanation?.proof ?? null,
    todo: explanation?.todo ?? null,
    next: explanation?.next ?? null,
    doc: explanation?.doc ?? null,
    again: check.status === 'fail' || check.status === 'flaky' ? againCommand(result, check) : null,
  };
}
