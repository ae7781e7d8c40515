import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { describe, expect, it } from 'vitest';
import { course } from '../../checkers/course/course.ts';
import { temporaryFolder } from '../../checkers/fixtures.ts';
import { root } from '../../checkers/root.ts';
import { pageOfReportLink } from '../../docs/.vitepress/report-link.ts';
import { brokenLinks, markdownFiles } from './links.ts';
import { anchorsOf } from './markdown.ts';

const folder = temporaryFolder();

function faults(text: string): string[] {
  mkdirSync(join(folder, 'docs'), { recursive: true });
  writeFileSync(join(folder, 'README.md'), '# One\n## Two `words`\n## One\n');
  writeFileSync(join(folder, 'docs', 'page.md'), text);
  return brokenLinks(folder, 'docs/page.md').map((fault) => fault.replace('docs/page.md:', ''));
}

describe('a link', () => {
  it.each([
    '[a](../README.md#two-words) [b](../README.md#one-1) [c](..)',
    '[here](#x)\n\n# X',
    'https://example.org [a](https://example.org/#x) <http://localhost:3000>',
    '```md\n[not a link](nowhere.md)\n```\n\n`[nor](this.md)` <!-- [nor](this.md) -->',
    '[![a picture](../README.md)](../README.md)',
  ])('may be %j', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it.each([
    ['[a](nowhere.md)', '1: nowhere.md: does not exist'],
    ['\n[a](../README.md#three)', '2: ../README.md#three: has no heading for #three'],
    ['[a](#y)\n\n# X', '1: #y: has no heading for #y'],
    ['![](../README.md)', '1: ../README.md: a picture without alternative text'],
    ['<img src="../README.md">', '1: ../README.md: a picture without alternative text'],
    ['![p](nowhere.svg)', '1: nowhere.svg: does not exist'],
    ['[![p](nowhere.svg)](../README.md)', '1: nowhere.svg: does not exist'],
    ['[a](/docs/page.md)', '1: /docs/page.md: begins with /, which GitHub and the site read differently'],
    ['[a](../../x.md)', '1: ../../x.md: leads out of the repository'],
  ])('may not be %j', (text, fault) => {
    expect(faults(text)).toContain(fault);
  });
});

it('has the anchors of GitHub', () => {
  const headings = [
    '# isConnSock and isUpstreamSock',
    '## `send`: what it returns, and why',
    '## Ärger — 4.1',
    '## a_b',
  ];
  const anchors = ['isconnsock-and-isupstreamsock', 'send-what-it-returns-and-why', 'ärger--41', 'a_b'];
  expect(anchorsOf(headings.join('\n'))).toEqual(anchors);
  expect(headings.map((heading) => slug(heading.replaceAll('`', '').replace(/^#+ /, '')))).toEqual(anchors);
});

const files = markdownFiles(root);

it('looks at the README, the lessons and the folders’ READMEs', () => {
  for (const { doc, folder } of course) {
    expect(files).toEqual(expect.arrayContaining(['README.md', doc, `stages/${folder}/README.md`]));
  }
});

it.each(['README.md', 'docs/README.md'])('%s leads to the lesson of every stage', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  expect(course.filter(({ doc }) => !text.includes(`${doc.split('/').at(-1)})`)).map(({ doc }) => doc)).toEqual([]);
});

it.each(files)('every link, anchor and picture of %s is there', (file) => {
  expect(brokenLinks(root, file)).toEqual([]);
});

it.each([
  ['/docs/stage-4-tcp-proxy.md', '/', '/stage-4-tcp-proxy.html'],
  ['/course/docs/stage-4-tcp-proxy.md', '/course/', '/course/stage-4-tcp-proxy.html'],
  ['/background/epoll.md', '/', '/background/epoll.html'],
  ['/docs/README.md', '/', '/index.html'],
  ['/stage-4-tcp-proxy.html', '/', undefined],
  ['/elsewhere/docs/a.md', '/course/', undefined],
])('a report’s link, pasted behind the site’s address as %s (base %s), leads to %s', (pathname, base, page) => {
  expect(pageOfReportLink(pathname, base)).toBe(page);
});
