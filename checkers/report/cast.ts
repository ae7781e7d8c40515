/** The actors of a stage: the columns of its diagrams. */
import type { Role } from '../contract/check.ts';
import type { Stage } from '../course/course.ts';
import type { Candidate } from '../run/candidate.ts';

/** The names of the columns; a timeline's 'upstream 2' stands in the column 'upstream'. */
export interface Cast {
  left: string;
  /** heading of the program's own column */
  middle: string;
  /** undefined: the program has only one side */
  right?: string;
}

const sides: Record<Role, Omit<Cast, 'middle'>> = {
  server: { left: 'client' },
  client: { left: 'terminal', right: 'server' },
  proxy: { left: 'client', right: 'upstream' },
};

/** The columns for a stage: 'client', 'your server'. */
export function castOf({ role }: Pick<Stage, 'role'>, candidate: Candidate): Cast {
  const learners = candidate.kind === 'file' && candidate.whose === 'learner';
  return { ...sides[role], middle: learners ? `your ${role}` : `the ${role}` };
}
