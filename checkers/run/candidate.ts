/** What is judged. */

/** Whose program is judged: a TypeScript file of a stage, or any command. */
export type Candidate =
  | { kind: 'file'; path: string; whose: 'learner' | 'solution' /** as it was when it was judged */; source?: Buffer }
  | { kind: 'command'; command: string; cwd: string };
