import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as linux from '#linux';
import * as constants from './constants.ts';

const systemCalls = ['socket', 'setsockopt', 'getsockopt', 'bind', 'listen', 'accept', 'accept4', 'connect', 'recv']
  .concat([
    'send',
    'shutdown',
    'close',
    'read',
    'write',
    'fcntl',
    'pipe2',
    'splice',
    'getsockname',
    'getpeername',
    'epoll_create1',
    'epoll_ctl',
    'epoll_wait',
    'signalfd',
  ])
  .sort();
const helpers = ['SOCKADDR_IN_LENGTH', 'errno', 'parse_sockaddr_in', 'read_signal', 'sockaddr_in', 'strerror'];

test("'#linux' exports the system calls, errno, strerror, addresses and the constants, and nothing else", () => {
  expect(Object.keys(linux).sort()).toEqual([...systemCalls, ...helpers, ...Object.keys(constants)].sort());
  expect(linux).toMatchObject(constants);
  for (const name of systemCalls) expect(linux).toHaveProperty(name, expect.any(Function));
});

/** Every `export const` and `export function` in the folder with the comment above it. */
function documented(): { name: string; comment: string }[] {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'));
  const text = files.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
  const exported = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (?:const|function) (\w+)/g;
  return [...text.matchAll(exported)].map(([, comment = '', name = '']) => ({ name, comment }));
}

describe('the comment above', () => {
  const comments = new Map(documented().map(({ name, comment }) => [name, comment]));

  test.each([...systemCalls, 'errno', 'strerror'])('%s documents arguments, result and manual page', (name) => {
    const comment = comments.get(name) ?? '';
    expect(comment).toMatch(/@returns/);
    expect(comment).toMatch(/@see \w+\(\d\w*\)/);
    if (name !== 'errno') expect(comment).toMatch(/@param \w+ \S/);
    if (systemCalls.includes(name)) expect(comment).toMatch(/-1 on failure/);
  });

  test.each(Object.keys(constants))('%s names its manual page', (name) => {
    expect(comments.get(name)).toMatch(/See \w+\(\d\)\./);
  });
});
