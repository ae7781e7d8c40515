/** A cause, and the rules that find one. */
import type { Evidence, Role, Symptom } from '../contract/check.ts';
import type { TraceRecord } from '../contract/trace-record.ts';
import type { History } from './history.ts';

/** Why a check failed. */
export interface Cause {
  /** stable name, e.g. 'partial-send-ignored' */
  id: string;
  /** one sentence in plain words, lower-case start */
  text: string;
  /** what proves it, one line each */
  proof: string[];
  /** the call at which it went wrong, for the picture's mark */
  call?: TraceRecord;
  /** the functions whose TODO to look at, e.g. 'sendAll' */
  functions?: string[];
}

/** What a rule may look at. */
export interface Facts {
  checkId: string;
  /** what the program is */
  role: Role;
  evidence: Evidence;
  history: History;
}

/** Looks for one cause; says nothing unless it can prove it. */
export type Rule = (facts: Facts) => Cause | undefined;

/** Whether the check failed in one of these ways. */
export function shows({ evidence }: Facts, ...symptoms: Symptom[]): boolean {
  return symptoms.includes(evidence.symptom);
}
