/** The actors of a stage without a proxy. */
import { text } from '../../../messages/page.ts';
import type { ProgramRole } from './page-data.ts';

/** The same sentence, with the right names of the actors. */
export const renamed: (said: string, role: ProgramRole) => string = text.replay.renamed;
