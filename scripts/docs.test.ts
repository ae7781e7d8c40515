/** End-to-end tests of npm run docs. The site itself is tested in docs/.vitepress/site.test.ts. */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../checkers/root.ts';
import { WordsError } from './command-line.ts';
import { copyWorkshop, run } from './fixtures.ts';
import { freePort } from './ports.ts';

describe('npm run docs', () => {
  it.concurrent.each([
    [['bild'], "Unknown argument 'bild'. Did you mean 'build'?"],
    [['base', '/course/'], "'base' is for building. Type: npm run docs:build base /course/"],
    [['build', 'base', 'my course'], "'my course' is not a path to put the site at."],
    [['port', 'http'], "A port is a number from 1 to 65535; 'http' is not."],
  ])('%j: says what to type instead', async (words, message) => {
    const { code, stdout, stderr } = await run(
      [process.execPath, join(root, 'scripts', 'start.mjs'), 'docs', ...words],
      root,
    );
    expect({ code, stdout, stderr: stderr.slice(0, message.length) }).toEqual({ code: 2, stdout: '', stderr: message });
  });
});

describe('a folder whose path VitePress cannot read', () => {
  const workshop = copyWorkshop();
  it.each(['c# course', 'why?', '100%', '[x]', '{a,b}'])('(%s) is reported before anything starts', async (name) => {
    const folder = join(workshop, name);
    mkdirSync(folder);
    for (const part of readdirSync(workshop)) {
      if (part !== name) renameSync(join(workshop, part), join(folder, part));
    }
    const { code, stdout, stderr } = await run([process.execPath, 'scripts/start.mjs', 'docs', 'build'], folder);
    for (const part of readdirSync(folder)) renameSync(join(folder, part), join(workshop, part));
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/^The site cannot be built in a folder with '.' in its path: .+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('the port to serve at', () => {
  it('is the first that is free, or the one that was asked for', async () => {
    const server = createServer();
    const taken = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    try {
      expect(await freePort('port', undefined, taken)).toBeGreaterThan(taken);
      await expect(freePort('port', String(taken), 1)).rejects.toThrow(WordsError);
      await expect(freePort('port', '70000', 1)).rejects.toThrow('A port is a number from 1 to 65535');
    } finally {
      server.close();
    }
    expect(await freePort('port', String(taken), 1)).toBe(taken);
  });
});
