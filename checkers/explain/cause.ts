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
  /** the call that went wrong, for the diagram's mark */
  call?: TraceRecord;
  /** the functions whose TODO to look at, e.g. 'sendAll' */
  functions?: string[];
}

/** The input of a rule. */
export interface Facts {
  checkId: string;
  /** the program's role */
  role: Role;
  evidence: Evidence;
  history: History;
}

/** Looks for one cause; returns undefined unless it can prove it. */
export type Rule = (facts: Facts) => Cause | undefined;

/** Whether the check failed in one of these ways. */
export function shows({ evidence }: Facts, ...symptoms: Symptom[]): boolean {
  return symptoms.includes(evidence.symptom);
}

/**
 * Causes of several programs, after '14 of 60 ': 'never remove the row'. By the id of the cause. Where
 * one program and several differ, both stand in brackets: `leave[s]`, `[are|is]`.
 */
export type Phrases = Record<string, string>;
