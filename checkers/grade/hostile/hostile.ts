/** Bad submissions that the grader has to survive: what each does, and the expected grade. */
import type { Isolation } from '../contract/result.ts';

/** One bad submission. */
export interface Hostile {
  /** short name, unique */
  id: string;
  /** what it does, one sentence */
  does: string;
  stage: number;
  /** by name; `stage.file` is the program */
  files: Record<string, string>;
  /** the expected grade: full marks if the attack accompanies a correct program, else none, or not all */
  deserves: 'all' | 'not all' | 'none' | 'refused';
  /** text expected in the problem, a note, or the observation of a check */
  words?: RegExp;
  /** at weaker levels it would do harm, or succeed; undefined: safe at every level */
  from?: Isolation;
  /** factor for its timeouts; undefined: the smallest that works */
  patience?: number;
  /** text in the command line of a process that must not be left behind */
  leaves?: string;
  /** paths on this machine that must not be left behind, if we are root and can remove other users' files */
  litters?: string[];
  /** keys of System V IPC objects that must not be left behind */
  shares?: number[];
}

/** A correct server with code prepended. */
export function besides(solution: string, mischief: string): string {
  return `${mischief}\n${solution}`;
}
