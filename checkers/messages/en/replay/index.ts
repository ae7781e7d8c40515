/** The replay and the theatre: what their page shows. */
import { frame } from './frame.ts';
import { renamed } from './naming.ts';
import { page } from './page.ts';
import { steps } from './steps.ts';
import { verdict } from './verdict.ts';

export const replay = { frame, page, renamed, steps, verdict };
