/** What a look at one part of the machine brings to light. */
import type { Guardian } from '../lab/guardian.ts';

/** What the doctor says of one part. */
export interface Finding {
  /** works; lacking: something is missing that the main job can do without; broken: the main job needs it */
  state: 'works' | 'lacking' | 'broken';
  /** what was found */
  says: string;
  /** what works without it, or what does not */
  without?: string;
  /** what to type or to read to get it */
  get?: string;
}

/** What a probe may need to know. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** as in process.platform */
  platform: string;
  /** columns of the terminal; undefined where there is none */
  columns?: number;
  /** whether a page that we make can be opened in a browser by itself */
  opensPages: boolean;
  /** ends whatever a probe starts */
  guardian: Guardian;
  /** ms that a probe may take */
  deadlineMs: number;
}

/** A look at one part of the machine. */
export interface Probe {
  /** one or two words */
  name: string;
  look(surroundings: Surroundings): Finding | Promise<Finding>;
}
