/** The types of checks and their results, shared by all folders of the checkers. */
import type { ByteDifference } from './compare.ts';
import type { TraceRecord } from './trace-record.ts';

/** The role of the learner's program in a stage: reports use it to name the program and its peers. */
export type Role = 'server' | 'client' | 'proxy';

/**
 * pass, fail; flaky: failed and passed when retried with the same bytes; skipped: not judged, for a stated
 * reason; broken: the checker itself failed.
 */
export type Status = 'pass' | 'fail' | 'flaky' | 'skipped' | 'broken';

/** Thrown by a check when the program did not do what it should. */
export class CheckFailure extends Error {
  readonly expected: string;
  readonly observed: string;
  readonly difference: ByteDifference | undefined;
  readonly symptom: Symptom;

  constructor(finding: { symptom: Symptom; expected: string; observed: string; difference?: ByteDifference }) {
    super(finding.observed);
    this.symptom = finding.symptom;
    this.expected = finding.expected;
    this.observed = finding.observed;
    this.difference = finding.difference;
  }
}

/** Thrown when a check cannot be judged here, e.g. because the machine lacks something. */
export class CheckSkipped extends Error {}

/** The observed symptom, from which the explanations start. */
export type Symptom =
  | 'unreadable'
  | 'not-listening'
  | 'stopped'
  | 'client-refused'
  | 'client-not-accepted'
  | 'client-dropped'
  | 'client-kept'
  | 'client-not-closed'
  | 'no-upstream-connection'
  | 'too-few-upstream-connections'
  | 'too-many-upstream-connections'
  | 'upstream-not-closed'
  | 'wrong-bytes'
  | 'extra-bytes'
  | 'missing-bytes'
  | 'cut-short'
  | 'crossed'
  | 'wrong-connection'
  | 'sockets-left'
  | 'busy'
  | 'takes-too-much'
  | 'wrong-ending'
  | 'slow'
  | 'no-connection'
  | 'too-many-connections'
  | 'connection-not-closed'
  | 'keeps-listening'
  | 'not-ended'
  | 'wrong-exit'
  | 'no-last-words'
  | 'unevenly-shared'
  | 'wrong-status'
  | 'status-miscounts'
  | 'status-for-others'
  | 'tried-too-early'
  | 'not-tried-again'
  | 'too-many-processes';

/** How the learner's program exited. */
export interface Exit {
  /** ms since the check began */
  ms: number;
  code: number | null;
  signal: string | null;
  /** it went on in the background after its first process had exited with this code; then `ms` is the end of that */
  background?: boolean;
}

/** Something that happened on a socket or to the program, seen from outside. */
export interface TimelineEntry {
  /** ms since the check began */
  ms: number;
  /** 'program' is the learner's; the others are the harness's: 'client 1', 'upstream 2', 'server 1', 'terminal' */
  who: string;
  what:
    | 'starts'
    | 'listens'
    | 'exits'
    | 'connects'
    | 'accepts'
    | 'sends'
    | 'receives'
    | 'fin'
    | 'rst'
    | 'finishes'
    | 'closes'
    | 'resets';
  bytes?: number;
}

/** The recording of one run of a check. */
export interface Recording {
  /** seen from outside, on the harness's own sockets */
  timeline: TimelineEntry[];
  /** the program's system calls, in order; empty where they were not traced */
  trace: TraceRecord[];
}

/** The program at the moment when its check failed, from /proc; fields that the system does not tell are absent. */
export interface ProgramState {
  /** the kernel's letter: R runs, S sleeps, D waits for a disk, T is stopped, Z is dead */
  letter?: string;
  /** share of the last moments in which it ran or was runnable, 0 to 1 */
  busy?: number;
  /** its TCP connections on the check's two ports: 'client side CLOSE_WAIT' and how many */
  connections?: Record<string, number>;
  /** connections to its port that wait to be accepted */
  queue?: number;
  /** how many TCP sockets it has open, in any state */
  sockets?: number;
  /** its processes, the first one first, without those that only wait for another one */
  processes?: ProcessState[];
}

/** What one process of the program was doing. */
export interface ProcessState {
  /** as the kernel has it, e.g. 'node' */
  name: string;
  /** the call that it was blocked in, under the manual's name */
  call?: string;
  /** that call's descriptor */
  fd?: number;
  /** what that descriptor leads to: 'client', 'upstream', 'listener' */
  leadsTo?: string;
}

/** A file that the program's command starts, or that it complained about. */
export interface StartedFile {
  /** as the command or the complaint writes it */
  path: string;
  /** program: compiled; text: perhaps a script; folder: no file at all */
  kind: 'program' | 'text' | 'folder';
  /** of a text: its first line, with the \r if there is one */
  firstLine: string;
  /** the absolute path of the interpreter in its first line, if there is no such file */
  missing?: string;
}

/** Everything that the explanations and reports know about a failed check. */
export interface Evidence extends Recording {
  /** ms from the start of the check to its failure */
  failedAt: number;
  symptom: Symptom;
  did: string[];
  expected: string;
  observed: string;
  difference?: ByteDifference;
  exit?: Exit;
  /** its first process, which may be that of a sandbox around it; undefined: no program was started */
  pid?: number;
  /** the last lines that the program wrote to stderr and stdout */
  lastLines: string[];
  /** of a command that failed: the files that it may have failed to start */
  startedFiles?: StartedFile[];
  /** other ports that the program listens on, if the system tells */
  otherPorts: number[];
  /** addresses on which it listens on the right port, if a client that connects to 127.0.0.1 does not reach them */
  otherAddresses?: string[];
  /** the foreign process that listens on the program's port: 'python3 (pid 812)' */
  portHolder?: string;
  state?: ProgramState;
  /** `upstreams`: all of them, if there are several; `status`: the status port */
  ports: { proxy: number; upstream: number; upstreams?: number[]; status?: number };
}

/** Why a check failed, explained to the learner. */
export interface Explanation {
  /** stable name of the cause, e.g. 'partial-send-ignored'; undefined: unknown */
  causeId?: string;
  /** one cause in plain words; undefined: unknown */
  cause?: string;
  /** what proves it, one sentence each, with line numbers where the trace has them */
  proof?: string[];
  /** index into the timeline at which it went wrong; undefined: at its end */
  wrongAt?: number;
  /** the system call at which it went wrong: ms since the check began, its name, its descriptor */
  wrongCall?: { ms: number; call: string; fd: number };
  /** e.g. '4.1.3' */
  todo?: string;
  /** what to do next, one sentence */
  next: string;
  /** docs page and anchor */
  doc: string;
}

/** The result of one check: what every report renders. */
export interface CheckResult {
  /** 1 for the milestone's first check */
  number: number;
  id: string;
  title: string;
  status: Status;
  /** why it was skipped, or what broke */
  reason?: string;
  evidence?: Evidence;
  explanation?: Explanation;
  /** flaky: the recording of the retry, which passed; else only if recordings were requested */
  recording?: Recording;
  /** ms from the start of the check to its verdict */
  ms: number;
}
