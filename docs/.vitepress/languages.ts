/** The languages of the site: English in docs/, each further one in a folder of docs/ with its two letters. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { en } from '../../checkers/messages/en/index.ts';
import { type Catalogue, filled } from '../../checkers/messages/language.ts';
import { translations } from '../../checkers/messages/translations.ts';
import { root } from '../../checkers/root.ts';
import { type Group, sidebar } from './sidebar.ts';

/** The folders with two letters, e.g. ['de', 'fr']. */
export function languagesAmong(names: string[]): string[] {
  return names.filter((name) => /^[a-z]{2}$/.test(name)).sort();
}

/** The languages that have pages, besides English. */
export function languages(): string[] {
  return languagesAmong(readdirSync(join(root, 'docs')));
}

/** On GitHub the page of a folder is its README.md. */
export function rewritesOf(others: string[]): Record<string, string> {
  return Object.fromEntries(['', ...others.map((name) => `${name}/`)].map((at) => [`${at}README.md`, `${at}index.md`]));
}

type Frame = DefaultTheme.Config & { sidebar: Group[]; outline: { label: string } };

/** What stands around a page, in its language; undefined: English. */
export function frame(language?: string, groups = sidebar): Frame {
  const { site } = filled(en, language === undefined ? undefined : translations[language]);
  return {
    sidebar: groups(language, site),
    outline: { level: [2, 3], label: site.onThisPage },
    docFooter: { prev: site.previous, next: site.next },
    sidebarMenuLabel: site.menu,
    langMenuLabel: site.languages,
    returnToTopLabel: site.toTheTop,
    skipToContentLabel: site.skipToContent,
    darkModeSwitchLabel: site.appearance,
    lightModeSwitchTitle: site.toLight,
    darkModeSwitchTitle: site.toDark,
    notFound: {
      title: site.notFound.title,
      quote: site.notFound.says,
      linkText: site.notFound.home,
      linkLabel: site.notFound.home,
    },
    search: searchFrame(site.search),
  };
}

/** The search reads an index that is part of the site: no net is needed. */
function searchFrame(words: Catalogue['site']['search']): DefaultTheme.Config['search'] {
  const { button, keys } = words;
  const footer = {
    selectText: words.choose,
    selectKeyAriaLabel: keys.enter,
    navigateText: words.move,
    navigateUpKeyAriaLabel: keys.up,
    navigateDownKeyAriaLabel: keys.down,
    closeText: words.close,
    closeKeyAriaLabel: keys.escape,
  };
  const modal = {
    displayDetails: words.details,
    resetButtonTitle: words.clear,
    backButtonTitle: words.back,
    noResultsText: words.nothing,
    footer,
  };
  const translations = { button: { buttonText: button, buttonAriaLabel: button }, modal };
  return { provider: 'local', options: { translations } };
}

interface Locale {
  label: string;
  lang: string;
  themeConfig?: Frame;
}

/** VitePress' locales, by folder; none where there is English alone. Each language is called by its own name. */
export function localesOf(others: string[], groups = sidebar): Record<string, Locale> | undefined {
  if (others.length === 0) return undefined;
  const own = (language: string): string =>
    new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  const further = others.map((name) => [name, { label: own(name), lang: name, themeConfig: frame(name, groups) }]);
  return { root: { label: own('en'), lang: 'en' }, ...Object.fromEntries(further) };
}
