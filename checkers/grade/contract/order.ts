/** The protocol between the grader and its worker, which judges one submission in isolation. */
import type { TraceRecord } from '../../contract/trace-record.ts';
import type { CheckJson } from '../../report/json.ts';
import type { ReplayData } from '../../report/replay/model/page-data.ts';
import type { Isolation } from './result.ts';

/** A submitted program in the submission's private folder. */
export type Program =
  | { kind: 'file'; path: string }
  /** by its manifest, in any language */
  | { kind: 'command'; build: string | null; run: string; cwd: string };

/** A worker's order, on its standard input: to judge, or to probe what a program could do at this isolation level. */
export interface WorkerOrder {
  /** undefined: judge */
  probe?: ProbeOrder;
  stage: number;
  seed: string;
  program: Program;
  /** private to this submission; the worker makes what it needs in there */
  folder: string;
  isolation: Isolation;
  /** for root, at the levels unshare and user: the user that the program runs as, reserved for it meanwhile */
  user?: number;
  /** for root, at the level bubblewrap: the host's user for the whole sandbox, reserved for it meanwhile */
  hostUser?: number;
  /** how long all milestones together may take, in ms */
  limitMs: number;
  /** do not judge: trace the stage's last milestone, whether its checks pass or fail */
  record?: boolean;
  /** whether to return the replay of a failed milestone */
  replays?: boolean;
  /** judge on the document's ports; undefined: on others, and say so where the program may insist on the document's */
  fixedPorts?: boolean;
  /** one of our own programs, which takes the ports that it is given */
  ours?: boolean;
  /** as in RunRequest */
  patience?: number;
}

/** What an isolated program has to try. */
export interface ProbeOrder {
  /** a port outside on which a server listens */
  port: number;
  /** a file outside that only its owner may read and write */
  secret: string;
  /** fingerprint of the grader's environment, which may hold the seed; '' where the system does not tell */
  grader: string;
}

/** The escapes that succeeded. */
export interface Escapes {
  /** connect to the port outside */
  network: boolean;
  /** read the secret file */
  files: boolean;
  /** write to it, as to a result */
  results: boolean;
  /** read the grader's environment */
  grader: boolean;
  /** read the solution */
  solution: boolean;
  /** see the worker among the processes */
  worker: boolean;
  /** send it a signal */
  signals: boolean;
  /** write to the folder of its own program */
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
  /** the data of the replay page, if a check failed and replays were requested */
  replay?: ReplayData;
}

/** What a worker answers, on descriptor 3. */
export interface WorkerAnswer {
  /** the system calls of each check, where they were to be recorded */
  traces?: { check: string; trace: TraceRecord[] }[];
  milestones: JudgedMilestone[];
  notes: string[];
  /** what kept the worker from judging; null: nothing */
  broken: string | null;
  /** nothing was judged: the program may insist on the document's ports, so it has to be judged there */
  mayInsist?: boolean;
  /** of a probe */
  escapes?: Escapes;
}
