/** What a page is given, in one piece of JSON. Only what a browser can know: no room of the checkers is named here. */
import type { Packed } from './pack.ts';
import type { State } from './state.ts';
import type { Step } from './steps.ts';

export type ProgramRole = 'server' | 'client' | 'proxy';

/** A line of the verdict: what it is called, what it says. */
export type Finding = [label: string, text: string];

/** One check on the page. */
export interface CheckPage {
  number: number;
  id: string;
  title: string;
  status: 'pass' | 'fail' | 'unsteady' | 'skipped' | 'broken';
  /** one sentence for the head of the page */
  summary: string;
  findings: Finding[];
  /** lines that stay as they are: bytes in hexadecimal, last words */
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
  /** what the program is: it decides what the picture shows, and what the program is called */
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

/** The page of a proxy that runs: its steps come one by one, from /events. */
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
