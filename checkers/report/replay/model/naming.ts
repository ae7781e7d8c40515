/** Who takes part in a stage without a proxy. */
import { text } from '../../../messages/page.ts';
import type { ProgramRole } from './page-data.ts';

/** The same sentence, with those who take part called by their right names. */
export const renamed: (said: string, role: ProgramRole) => string = text.replay.renamed;
