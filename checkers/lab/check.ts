/** What a check is. */
import type { Lab } from './lab.ts';

/** One question about a program that has a yes or no answer on its sockets. */
export interface Check {
  /** short name for `only`, for mutants and for JSON; never changes once published */
  id: string;
  /** what holds for a right program, one sentence */
  title: string;
  /** the TODOs that this check exercises, most likely culprit first */
  todos: string[];
  /** anchor in the stage's docs page */
  doc: string;
  /** ids of checks of the same milestone without which this one says nothing new */
  needs?: string[];
  /** how long it may take in all, in s, as long as something moves; undefined: as long as most do */
  seconds?: number;
  /** returns when all is well; throws CheckFailure when it is not; anything else thrown is the checker's own fault */
  run(lab: Lab): Promise<void>;
}
