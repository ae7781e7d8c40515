/** A folder with two letters in docs/ is a language of the site. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../checkers/root.ts';
import { frame, languages, languagesAmong, localesOf, rewritesOf } from './languages.ts';
import { type Group, sidebar } from './sidebar.ts';

const pages = ['README.md', 'glossary.md', 'stage-4-tcp-proxy.md', 'xx/README.md', 'xx/stage-4-tcp-proxy.md'];
const all = pages.map((name) => `docs/${name}`);
const groupsOf = (language: string | undefined): Group[] =>
  sidebar(language, undefined, all, (page) => `Title of ${page}`);

it('is found by its name', () => {
  expect(languagesAmong(['fr', 'source', 'README.md', 'de', '.vitepress', 'x', 'DE'])).toEqual(['de', 'fr']);
});

it('is each folder of pages with two letters', () => {
  expect(languages().filter((name) => !existsSync(join(root, 'docs', name)))).toEqual([]);
});

it('is called by its own name, and has a start page and a sidebar of its own', () => {
  const locales = localesOf(['de', 'xx'], groupsOf);
  expect(locales?.root).toEqual({ label: 'English', lang: 'en' });
  expect(locales?.de?.label).toBe('Deutsch');
  expect(locales?.xx?.themeConfig?.sidebar).toEqual([
    { text: 'Start', items: [{ text: 'Title of docs/xx/README.md', link: '/xx/' }] },
    { text: 'Stages', items: [{ text: 'Title of docs/xx/stage-4-tcp-proxy.md', link: '/xx/stage-4-tcp-proxy' }] },
  ]);
  expect(rewritesOf(['xx'])).toEqual({ 'README.md': 'index.md', 'xx/README.md': 'xx/index.md' });
});

it('does not get into the English sidebar', () => {
  const links = groupsOf(undefined).flatMap(({ items }) => items.map(({ link }) => link));
  expect(links).toEqual(['/', '/stage-4-tcp-proxy', '/glossary']);
});

it('is not offered where there is English alone', () => {
  expect(localesOf([])).toBeUndefined();
  expect(frame().outline.label).toBe('On this page');
});
