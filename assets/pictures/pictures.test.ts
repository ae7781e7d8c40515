/** The pictures are what their descriptions say (npm run pictures), and each has words for those who do not see it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../checkers/root.ts';
import { svg } from './draw.ts';
import { pictures } from './index.ts';

const assets = join(root, 'assets');

describe.each(pictures)('$name', (picture) => {
  it('is drawn from its description', () => {
    expect(readFileSync(join(assets, `${picture.name}.svg`), 'utf8')).toBe(svg(picture));
  });

  it('has a title, a description and colours for the dark', () => {
    const text = svg(picture);
    expect(text).toMatch(/<title id="title">\S.+<\/title>\n +<desc id="desc">\S.{80,}<\/desc>/);
    expect(text).toContain('@media (prefers-color-scheme: dark)');
  });

  it('shows the numbers that its description follows', () => {
    const told = [...picture.description.matchAll(/\((\d)\)/g)].map((match) => match[1]);
    const shown = [...svg(picture).matchAll(/<circle [^>]*r="11"[^>]*\/><text [^>]*>(\d)<\/text>/g)].map(
      (match) => match[1],
    );
    expect(shown.sort()).toEqual(told.sort());
  });

  it('stays within its frame', () => {
    const [width, height] = [picture.width, picture.height];
    for (const [, x = '', y = ''] of svg(picture).matchAll(
      /<(?:rect|text|circle)[^>]* c?x="([\d.]+)" c?y="([\d.]+)"/g,
    )) {
      expect([Number(x) <= width, Number(y) <= height, `${x} ${y}`]).toEqual([true, true, `${x} ${y}`]);
    }
  });
});

it('has no drawn picture whose description is gone', () => {
  const files = readdirSync(assets, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.svg') && readFileSync(join(assets, name), 'utf8').includes('--proxy-edge:'));
  expect(files.sort()).toEqual(pictures.map(({ name }) => `${name}.svg`).sort());
});
