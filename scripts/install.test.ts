/** What `npm install` says: package.json decides on every package that has an install script, so npm asks nothing. */
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../checkers/root.ts';
import { copyWorkshop, run } from './fixtures.ts';

interface Locked {
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}

const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const packages = Object.entries<Locked>(lock.packages);
const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
const nameOf = (place: string): string => place.replace(/^.*node_modules\//, '');

it('decides on each package with an install script, and on no other', () => {
  expect(Object.keys(allowScripts)).toEqual([...new Set(scripted.map(([place]) => nameOf(place)))].sort());
});

it('allows none of them: each brings its binary in a package for this system', () => {
  expect(new Set(Object.values(allowScripts))).toEqual(new Set([false]));
  const system = new RegExp(`${process.platform}-${process.arch}(-gnu|-musl)?$`);
  for (const [place, { optionalDependencies = {} }] of scripted) {
    expect(
      Object.keys(optionalDependencies).some((name) => system.test(name)),
      place,
    ).toBe(true);
  }
});

it('decides the same for pnpm, which otherwise ends its install with an error', () => {
  const settings = parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'));
  expect(settings.allowBuilds).toEqual(allowScripts);
  expect(settings.ignoredBuiltDependencies).toEqual(Object.keys(allowScripts));
});

it.each(['esbuild', 'koffi'])('%s works without its install script', async (name) => {
  expect(existsSync(join(root, 'node_modules', name))).toBe(true);
  expect(Object.keys(await import(name)).length).toBeGreaterThan(0);
});

it('names the missing package after npm install --omit=dev', async () => {
  const workshop = copyWorkshop();
  rmSync(join(workshop, 'node_modules'));
  mkdirSync(join(workshop, 'node_modules'));
  for (const name of ['esbuild', '@esbuild', 'chalk'])
    symlinkSync(join(root, 'node_modules', name), join(workshop, 'node_modules', name));
  const { code, stderr } = await run([process.execPath, 'scripts/start.mjs', 'docs'], workshop);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^npm run docs needs the package \S+, which is not installed. Type: npm install\n$/);
});
