/** What the site's own parts say, in the language of the page. */
import { site } from '../../../checkers/messages/en/site.ts';
import { type Catalogue, filled } from '../../../checkers/messages/language.ts';
import { translations } from '../../../checkers/messages/translations.ts';

/** @param language as in the page's `lang`, e.g. 'en' */
export function siteWords(language: string): Catalogue['site'] {
  return filled(site, translations[language]?.site);
}
