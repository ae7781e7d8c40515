/** What the grader and its worker say to each other: the worker judges one submission, shut away with it. */
import type { CheckJson } from '../../report/json.ts';
import type { ReplayData } from '../../report/replay/model/page-data.ts';
import type { Isolation } from '../result.ts';

/** A program that was handed in, as it lies in the submission's private folder. */
export type Program =
  | { kind: 'file'; path: string }
  /** by its manifest, in any language */
  | { kind: 'command'; build: string | null; run: string; cwd: string };

/** What a worker is told, on its standard input: to judge, or to say what a program could do that is shut away like this. */
export interface WorkerOrder {
  /** undefined: judge */
  probe?: ProbeOrder;
  stage: number;
  seed: string;
  program: Program;
  /** private to this submission; the worker makes what it needs in there */
  folder: string;
  isolation: Isolation;
  /** for root, at the levels unshare and user: as whom the program runs; nobody else does meanwhile */
  user?: number;
  /** for root, at the level bubblewrap: who everything in there is to the machine; nobody else is meanwhile */
  hostUser?: number;
  /** how long all milestones together may take, in ms */
  limitMs: number;
  /** whether what happened in a milestone that failed is to come along */
  replays?: boolean;
  /** as in RunRequest */
  patience?: number;
}

/** What a program that is shut away is to try. */
export interface ProbeOrder {
  /** somebody listens here, outside */
  port: number;
  /** a file outside that only its owner may read */
  secret: string;
}

/** What it could do. */
export interface Escapes {
  /** connect to the port outside */
  network: boolean;
  /** read the secret file */
  files: boolean;
  /** read the solution */
  solution: boolean;
  /** see the worker among the processes */
  worker: boolean;
  /** send it a signal */
  signals: boolean;
  /** write where its own program lies */
  program: boolean;
  /** variables of its environment that it should not have */
  environment: string[];
  /** limits that are not set */
  unlimited: string[];
}

/** One check, judged as often as the policy asks. */
export interface JudgedCheck {
  json: CheckJson;
  attempts: string[];
}

export interface JudgedMilestone {
  id: string;
  ms: number;
  checks: JudgedCheck[];
  /** what the page that replays it is made of, where a check failed and that was asked for */
  replay?: ReplayData;
}

/** What a worker answers, on descriptor 3. */
export interface WorkerAnswer {
  milestones: JudgedMilestone[];
  notes: string[];
  /** what kept the worker from judging; null: nothing */
  broken: string | null;
  /** of a probe */
  escapes?: Escapes;
}
