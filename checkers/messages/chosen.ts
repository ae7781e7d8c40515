/** The language that was asked for: a translation, or none where it is English. */
import { languageOf, type Translation, translationTo } from './language.ts';
import { translations } from './translations.ts';

/** Chosen once, by WORKSHOP_LANG. In the page of a replay esbuild has put the language in its place. */
export const chosen: Translation | undefined = translationTo(
  languageOf(process.env.WORKSHOP_LANG),
  translations,
  (line) => {
    process.stderr.write(`${line}\n`);
    // The processes that we start, and the pages that we make, need not say it again.
    process.env.WORKSHOP_LANG = 'en';
  },
);
