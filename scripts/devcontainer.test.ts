/** The container of a learner on another system has what the doctor asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../checkers/root.ts';
import { FIXED_PORTS } from '../checkers/run/namespace.ts';
import { isAtLeast, OLDEST_NODE } from './node-version.mjs';

const folder = join(root, '.devcontainer');
const container = JSON.parse(readFileSync(join(folder, 'devcontainer.json'), 'utf8'));
const dockerfile = readFileSync(join(folder, container.build.dockerfile), 'utf8');

it('hands the ports of the proxy and of the upstream on', () => {
  const ports = [FIXED_PORTS.proxy, FIXED_PORTS.upstream];
  expect(container.forwardPorts).toEqual(ports);
  expect(Object.keys(container.portsAttributes).map(Number).sort()).toEqual(ports.toSorted());
});

it('allows strace to look into programs, and installs the packages', () => {
  expect(container.runArgs).toContain('--cap-add=SYS_PTRACE');
  expect(container.postCreateCommand).toBe('npm install');
});

it('has a Node that is recent enough, python3 and strace', () => {
  const version = /^FROM node:(\d+)/m.exec(dockerfile)?.[1] ?? '0';
  // The image of a major release is its latest one.
  expect(isAtLeast(`${version}.999`, OLDEST_NODE)).toBe(true);
  for (const name of ['python3', 'strace', 'bubblewrap', 'util-linux']) expect(dockerfile).toContain(` ${name}`);
});
