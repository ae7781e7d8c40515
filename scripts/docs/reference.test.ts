import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as linux from '#linux';
import { root } from '../../checkers/root.ts';
import { reference, referencePage } from './reference.ts';

const page = reference();

it('is up to date (npm run docs:sync)', () => {
  expect(readFileSync(join(root, referencePage), 'utf8')).toBe(page);
});

it.runIf(process.platform === 'linux')('has an entry for every export of #linux', () => {
  const entries = [...page.matchAll(/^### (\w+)$|^\| `(\w+)` \| .+ \| (?:\[.*\))? \|$/gm)].map(
    (match) => match[1] ?? match[2],
  );
  expect(entries.filter((name, index) => entries.indexOf(name) !== index)).toEqual([]);
  expect(entries.sort()).toEqual(Object.keys(linux).sort());
});

it('shows arguments, result and manual page of a call', () => {
  const [recv = ''] = page.slice(page.indexOf('### recv\n')).split('\n### ', 2);
  expect(recv).toContain('recv(sockfd, buffer, length, flags)');
  expect(recv).toContain('| `buffer` | where to put them, from its first byte on;');
  expect(recv).toMatch(/\*\*Returns\*\* how many bytes came.*`ECONNRESET`: the peer reset the connection/);
  expect(recv).toContain('**Manual** [recv(2)](https://man7.org/linux/man-pages/man2/recv.2.html)');
});
