/** The JSON data of a page. Browser code: this imports no other folder of the checkers. */
import type { Packed } from './pack.ts';
import type { State } from './state.ts';
import type { Step } from './steps.ts';

export type ProgramRole = 'server' | 'client' | 'proxy';

/** A line of the verdict: its label and its text. */
export type Finding = [label: string, text: string];

/** One check on the page. */
export interface CheckPage {
  number: number;
  id: string;
  title: string;
  status: 'pass' | 'fail' | 'flaky' | 'skipped' | 'broken';
  /** one sentence for the head of the page */
  summary: string;
  findings: Finding[];
  /** preformatted lines: bytes in hexadecimal, last output */
  listing: string[];
  steps: Packed;
  /** index of the step at which the page opens */
  opensAt: number;
  /** index of the step at which it went wrong */
  wrongAt?: number;
  traced: boolean;
  upstreamPort: number;
}

export interface ReplayData {
  kind: 'replay';
  /** the program's role, which determines the contents of the picture and the program's name */
  role: ProgramRole;
  title: string;
  judged: string;
  note: string;
  checks: CheckPage[];
  /** index of the check at which the page opens */
  opensAt: number;
  /** the learner's source files, by the path that the trace names */
  sources: Record<string, string>;
}

/** The page of a running proxy: its steps arrive one by one, from /events. */
export interface LiveData {
  kind: 'live';
  title: string;
  note: string;
  sources: Record<string, string>;
}

/** The first message of /events: the steps so far, and the state before the first of them. */
export interface LiveStart {
  first: State;
  steps: Step[];
}
