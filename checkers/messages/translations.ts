/** The languages that there are besides English: one line each. */
import type { Translation } from './language.ts';

/** Language, as in WORKSHOP_LANG, and its part of the catalogue: `de: de` with `import { de } from './de/index.ts'`. */
export const translations: Record<string, Translation> = {};
