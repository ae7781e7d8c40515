/** Looks up hints. They come in levels, for learners who want to find the solution themselves. */
import type { Hint } from '../contract/hint.ts';
import { findMilestone } from '../course/find.ts';
import { todoHints } from './hints/todos.ts';

/** How many levels every hint has. */
export const HINT_LEVELS = 3;

/** The subject of a hint. */
export interface HintSubject {
  milestone: string;
  check: string;
  /** the stub that the program stopped at */
  todo?: string;
  causeId?: string;
}

export interface FoundHint {
  /** identifies the subject of the hint; stays the same for the same problem */
  key: string;
  hint: Hint;
}

/** Hints that go before those of the check, by the name of the cause. */
export const causeHints: Record<string, Hint> = {
  unreadable: [
    'Which line does the message name, and what did you change there, or just above, since it worked last?',
    'A bracket or a quotation mark that is missing is often noticed only further down, where the text stops making sense. Your editor marks the place. So does the compiler.',
    '  npx tsc\n  // names the file, the line and the column; begin with the first message',
  ],
};

/** The most specific hint available: for a stub, a cause, or the check. */
export function findHint({ milestone, check, todo, causeId }: HintSubject): FoundHint | undefined {
  const candidates: [key: string, hint: Hint | undefined][] = [
    [`TODO ${todo}`, todo === undefined ? undefined : todoHints[todo]],
    [`cause ${causeId}`, causeId === undefined ? undefined : causeHints[causeId]],
    [`${milestone} ${check}`, findMilestone(milestone)?.checks.find(({ id }) => id === check)?.hint],
  ];
  const [key, hint] = candidates.find(([, found]) => found !== undefined) ?? [];
  return key === undefined || hint === undefined ? undefined : { key, hint };
}

/** The hint of a TODO. */
export function findTodoHint(todo: string): FoundHint | undefined {
  const hint = todoHints[todo];
  return hint === undefined ? undefined : { key: `TODO ${todo}`, hint };
}
