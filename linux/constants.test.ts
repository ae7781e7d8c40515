import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SOCKADDR_IN_LENGTH } from './address.ts';
import * as constants from './constants.ts';
import { epollEventLayout } from './epoll-layout.ts';

/** The values that the C headers of this machine give to these expressions. */
function askHeaders(expressions: string[]): number[] {
  const prints = expressions.map((expression) => `  printf("%lld\\n", (long long)(${expression}));`);
  const headers = [
    'fcntl.h',
    'netinet/in.h',
    'netinet/tcp.h',
    'stddef.h',
    'stdio.h',
    'sys/epoll.h',
    'sys/signalfd.h',
    'sys/socket.h',
  ];
  const includes = headers.map((header) => `#include <${header}>`);
  const source = ['#define _GNU_SOURCE', ...includes, 'int main(void) {', ...prints, '  return 0;', '}', ''].join('\n');
  const folder = mkdtempSync(join(tmpdir(), 'constants-'));
  try {
    writeFileSync(join(folder, 'ask.c'), source);
    execFileSync('gcc', ['-o', 'ask', 'ask.c'], { cwd: folder });
    return execFileSync(join(folder, 'ask'), { encoding: 'utf8' }).trim().split('\n').map(Number);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const noCompiler = spawnSync('gcc', ['--version']).status !== 0;
const reason = noCompiler ? ' (skipped: no gcc on this machine)' : '';

describe.skipIf(noCompiler)(`the C headers of this machine${reason}`, () => {
  test('give every constant the value that it has here', () => {
    // A limit that grew from 128 to 4096, in the kernel, then in glibc; musl's header still has the old one.
    const { SOMAXCONN, ...same } = constants;
    const names = Object.keys(same);
    const values = askHeaders(names);
    expect(Object.fromEntries(names.map((name, i) => [name, values[i]]))).toEqual(same);
    expect([128, SOMAXCONN]).toContain(askHeaders(['SOMAXCONN'])[0]);
  });

  test('lay out the structs as they are laid out here', () => {
    const layout = epollEventLayout(process.arch);
    expect(askHeaders(['sizeof(struct epoll_event)', 'offsetof(struct epoll_event, data)'])).toEqual([
      layout.size,
      layout.data,
    ]);
    expect(askHeaders(['sizeof(struct sockaddr_in)'])).toEqual([SOCKADDR_IN_LENGTH]);
    expect(askHeaders(['offsetof(struct sockaddr_in, sin_port)', 'offsetof(struct sockaddr_in, sin_addr)'])).toEqual([
      2, 4,
    ]);
    expect(askHeaders(['sizeof(struct linger)', 'sizeof(socklen_t)', 'sizeof(int)'])).toEqual([8, 4, 4]);
  });
});
