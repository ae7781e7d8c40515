/** Bad submissions that the grader has to survive: what each does, and what it deserves. */
import type { Isolation } from '../result.ts';

/** One bad submission. */
export interface Hostile {
  /** short name, unique */
  id: string;
  /** what it does, one sentence */
  does: string;
  stage: number;
  /** by name; `stage.file` is the program */
  files: Record<string, string>;
  /** what it deserves: full marks where the mischief is beside a right program, else none, or not all */
  deserves: 'all' | 'not all' | 'none' | 'refused';
  /** what somebody is told, in the problem, a note, or what a check saw */
  words?: RegExp;
  /** at weaker levels it would do harm, or succeed; undefined: every level bears it */
  from?: Isolation;
  /** factor for the time that it is given; undefined: as little as will do */
  patience?: number;
  /** text in the command line of a process that must not be left behind */
  leaves?: string;
  /** paths on this machine that must not be left behind, where we are root and can remove what others wrote */
  litters?: string[];
  /** keys of System V's shared things that must not be left behind */
  shares?: number[];
}

/** A right server with something before it. */
export function besides(solution: string, mischief: string): string {
  return `${mischief}\n${solution}`;
}
