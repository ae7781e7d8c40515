/** How the site puts pages in order, and what it makes of their markdown. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { course } from '../../checkers/course/course.ts';
import { root } from '../../checkers/root.ts';
import { rewritten, siteLink } from './markdown.ts';
import { pages, sidebar } from './sidebar.ts';
import { linkedFiles, shown } from './source.ts';

const lesson = 'docs/stage-4-tcp-proxy.md';

it('has every English page in the sidebar once, by its heading, and the stages in order', () => {
  const groups = sidebar();
  const links = groups.flatMap(({ items }) => items.map(({ link }) => link));
  const english = pages().filter((page) => !/^docs\/[a-z]{2}\//.test(page));
  const expected = english.map((page) => `/${page.replace(/^docs\//, '').replace(/(README)?\.md$/, '')}`);
  expect(links.toSorted()).toEqual(expected.toSorted());
  const stages = groups.find(({ text }) => text === 'Stages')?.items ?? [];
  expect(stages.map(({ link }) => link)).toEqual(stages.map(({ link }) => link).toSorted());
  expect(stages.map(({ text }) => text)).toContain('Stage 4: TCP proxy');
  expect(stages.length).toBeGreaterThanOrEqual(course.length);
});

describe('neighbouring code', () => {
  const [ts, c] = ['```ts\nconst a = 1;\n```', '```c\nint a = 1;\n```'];

  it('becomes tabs where C follows TypeScript, with nothing but comments in between', () => {
    const text = rewritten(`${ts}\n\n<!-- /snippet -->\n\n<!-- snippet: a.c#a -->\n\n${c}\n`);
    expect(text).toContain(
      '::: code-group\n\n```ts [TypeScript]\nconst a = 1;\n```\n\n```c [C]\nint a = 1;\n```\n\n:::',
    );
  });

  it.each(pages())('is all there in %s, and a tab has one piece of code', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const made = rewritten(text);
    for (const fence of [/^```ts\b/gm, /^```c\b/gm, /^```$/gm]) {
      expect(made.match(fence)?.length, String(fence)).toBe(text.match(fence)?.length);
    }
    for (const [, group = ''] of made.matchAll(/^::: code-group\n([\s\S]*?)^:::$/gm)) {
      expect(group.match(/^```.*/gm)).toEqual(['```ts [TypeScript]', '```', '```c [C]', '```']);
    }
  });

  it.each([`${ts}\n\nand in C:\n\n${c}\n`, `${ts}\n\nand in C:\n\n${ts}\n\n${c}\n`])(
    'becomes tabs only with its own neighbour: %j',
    (text) => {
      expect(rewritten(text).split('and in C')[0]).toBe(text.split('and in C')[0]);
    },
  );

  it.each([`${ts}\n\nand in C:\n\n${c}`, `${c}\n\n${ts}`, `${ts}\n\n${ts}`, ts])(
    'stays as it is otherwise: %j',
    (text) => {
      expect(rewritten(text)).toBe(text);
    },
  );

  it('makes a still picture move that says so', () => {
    const still = '![A and B](../../assets/x.svg)';
    expect(rewritten(`<!-- interactive: TwoSpeeds -->\n\n${still}\n`)).toBe(
      `<TwoSpeeds />\n\n<div class="still">\n\n${still}\n\n</div>\n`,
    );
    expect(rewritten(still)).toBe(still);
  });

  it('has a component for each moving picture that a page names', () => {
    expect(readdirSync(join(root, 'docs', '.vitepress', 'theme'))).toContain('TwoSpeeds.vue');
  });
});

describe('a link', () => {
  it.each(['#sendall', 'https://example.org/a.ts', 'wrong-proxies.md#x', 'background/epoll.md', 'nowhere.ts'])(
    'to %s stays',
    (href) => {
      expect(siteLink(href, lesson)).toBe(href);
    },
  );

  it.each([
    ['../solutions/stage-4-tcp-proxy/proxy.ts', '/source/solutions/stage-4-tcp-proxy/proxy.ts.md'],
    ['../linux', '/source/linux.md'],
    ['milestone-result.schema.json', '/source/docs/milestone-result.schema.json.md'],
  ])('to %s leads to the page that shows it', (href, page) => {
    expect(siteLink(href, lesson)).toBe(page);
  });

  it('out of docs/ has such a page, whose code cannot end before its end', () => {
    for (const path of linkedFiles()) expect(existsSync(join(root, path)), path).toBe(true);
    expect(linkedFiles()).toContain('solutions/stage-4-tcp-proxy/proxy.ts');
    expect(shown('CONTRIBUTING.md')).toMatch(/\n````md\n[\s\S]*\n````$/);
  });
});
