/** Which language is spoken, and English where it has no words. */
import type { en } from './en/index.ts';

/** Every message of the workshop, by room and id: English is complete. */
export type Catalogue = typeof en;

/** A catalogue in which anything may be missing. */
export type Translation = Partially<Catalogue>;
type Partially<T> = T extends string | ((...args: never[]) => string) | readonly string[]
  ? T
  : { [K in keyof T]?: Partially<T[K]> };

/**
 * The language in what a person, or a system, may write: 'de', 'de_DE.UTF-8', 'DE-at'.
 *
 * @returns e.g. 'de'; 'en' where nothing is said, and for the languages named C and POSIX
 */
export function languageOf(wish = ''): string {
  const language = wish
    .trim()
    .replace(/(?<=.)[_.@-].*$/, '')
    .toLowerCase();
  return ['', 'c', 'posix'].includes(language) ? 'en' : language;
}

/**
 * The translation to a language.
 *
 * @param say is told that there is none
 * @returns undefined where English is spoken
 */
export function translationTo(
  language: string,
  translations: Record<string, Translation>,
  say: (line: string) => void,
): Translation | undefined {
  if (language === 'en') return undefined;
  const translation = Object.hasOwn(translations, language) ? translations[language] : undefined;
  if (translation === undefined) say(unknown(language, ['en', ...Object.keys(translations)].join(', ')));
  return translation;
}

/** English, with everything that a translation has in its place: id by id. */
export function filled<T>(english: T, translation: unknown): T {
  if (translation === undefined) return english;
  if (typeof english !== 'object' || english === null || Array.isArray(english)) return translation as T;
  const parts = translation as Record<string, unknown>;
  const both = Object.entries(english).map(([id, said]) => [
    id,
    filled(said, Object.hasOwn(parts, id) ? parts[id] : undefined),
  ]);
  return Object.fromEntries(both) as T;
}

/** In English, of course. */
function unknown(wanted: string, known: string): string {
  return `The workshop does not speak '${wanted}' (WORKSHOP_LANG) yet, so this is English. It knows: ${known}. To add a language: docs/translating.md`;
}
