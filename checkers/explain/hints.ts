/** Looks up hints. They come in levels, for learners who want to find the solution themselves. */
import type { Hint } from '../messages/en/hints/hint.ts';
import { text } from '../messages/index.ts';

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

/** The most specific hint available: for a stub, a cause, or the check. */
export function findHint({ milestone, check, todo, causeId }: HintSubject): FoundHint | undefined {
  const candidates: [key: string, hint: Hint | undefined][] = [
    [`TODO ${todo}`, todo === undefined ? undefined : text.hints.todos[todo]],
    [`cause ${causeId}`, causeId === undefined ? undefined : text.hints.causes[causeId]],
    [`${milestone} ${check}`, text.hints.checks[`${milestone} ${check}`]],
  ];
  const [key, hint] = candidates.find(([, found]) => found !== undefined) ?? [];
  return key === undefined || hint === undefined ? undefined : { key, hint };
}

/** The hint of a TODO. */
export function findTodoHint(todo: string): FoundHint | undefined {
  const hint = text.hints.todos[todo];
  return hint === undefined ? undefined : { key: `TODO ${todo}`, hint };
}
