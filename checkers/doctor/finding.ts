/** The finding on one part of the machine. */
import type { Reaper } from '../harness/reaper.ts';

/** The doctor's report on one part. */
export interface Finding {
  /** works; lacking: something is missing that the main job can do without; broken: the main job needs it */
  state: 'works' | 'lacking' | 'broken';
  /** what was found */
  says: string;
  /** what works without it, or what does not */
  without?: string;
  /** how to get it: a command or a page */
  get?: string;
}

/** What a probe may need to know. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  /** as in process.platform */
  platform: string;
  /** columns of the terminal; undefined where there is none */
  columns?: number;
  /** whether a page can be opened in a browser automatically */
  opensPages: boolean;
  /** ends all processes that a probe starts */
  reaper: Reaper;
  /** ms that a probe may take */
  deadlineMs: number;
}

/** A probe of one part of the machine. */
export interface Probe {
  /** one or two words */
  name: string;
  look(surroundings: Surroundings): Finding | Promise<Finding>;
}
