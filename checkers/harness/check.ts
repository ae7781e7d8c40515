/** What a check is. */
import type { Hint } from '../contract/hint.ts';
import type { Harness } from './harness.ts';

/** One question about a program that has a yes or no answer on its sockets. */
export interface Check {
  /** short name for `only`, for mutants and for JSON; never changes once published */
  id: string;
  /** what holds for a correct program, one sentence */
  title: string;
  /** the TODOs that this check exercises, most likely culprit first */
  todos: string[];
  /** anchor in the stage's docs page */
  doc: string;
  /** help when it fails although no stub is in the way */
  hint: Hint;
  /** ids of checks of the same milestone that must pass first; otherwise this one adds no information */
  needs?: string[];
  /** its time limit in s, as long as bytes still move; undefined: the default */
  seconds?: number;
  /** returns on success; throws CheckFailure on failure; any other error is a bug of the checker */
  run(harness: Harness): Promise<void>;
}
