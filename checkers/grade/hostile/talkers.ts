/** Attack the reports with names and output that are too long, too many, or not plain text. */
import { besides, type Hostile } from './hostile.ts';
import { server } from './solutions.ts';

export const talkers: Hostile[] = [
  {
    id: 'odd-helper',
    does: 'starts a program with newlines, escape sequences and tags in its name, takes that name too, and serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync } from 'node:fs';
const name = '/tmp/=a\\n\\u001b[2J<script>\\u202e';
process.title = name;
try { copyFileSync('/usr/bin/sleep', name); chmodSync(name, 0o755); spawn(name, ['5'], { stdio: 'ignore' }).on('error', () => {}); } catch {}`,
      ),
    },
    deserves: 'all',
    words: /used other programs: =a\?\?\[2J<script>\?\.$/,
    from: 'user',
  },
  {
    id: 'imports-a-novel',
    does: 'imports a package with a name of half a megabyte',
    stage: 1,
    files: { 'server.ts': `import '${'novel '.repeat(90_000)}';` },
    deserves: 'none',
    words: /novel …vel novel novel novel novel novel novel ' is a package;/,
  },
  {
    id: 'calls-things-long-names',
    does: 'makes the compiler complain about a word of half a megabyte',
    stage: 1,
    files: { 'server.ts': `const a = 1 ${'novel'.repeat(90_000)};` },
    deserves: 'none',
    words: /Expected ";" but found "novel/,
  },
  {
    id: 'listens-on-hundreds',
    does: 'listens on hundreds of ports, and serves on none',
    stage: 1,
    files: {
      'server.ts': `import { createServer } from 'node:net';
for (let i = 0; i < 300; i += 1) createServer().on('error', () => {}).listen(0, '127.0.0.1');`,
    },
    deserves: 'none',
    words: /listens on port \d+( and \d+)+/,
  },
  {
    id: 'swells-its-trace',
    does: 'writes megabytes of made-up system calls into its trace',
    stage: 1,
    files: {
      'server.ts': `import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
const big = 'x'.repeat(3000);
const call = (n: number) => ({
  ...{ at: Number(process.hrtime.bigint()) / 1e6, pid: process.pid, call: ['accept', 'recv', 'send', 'close', 'epoll_wait'][n % 5] },
  ...{ fd: n % 50, args: { buffer: big }, took: 0, result: n % 50, file: big, fn: big, line: n, head: big },
  ...{ events: [{ fd: n % 50, events: 1 }], rows: [[n % 50, n % 49]] },
});
if (process.env.WORKSHOP_TRACE)
  writeFileSync(process.env.WORKSHOP_TRACE, Array.from({ length: 3000 }, (_, n) => JSON.stringify(call(n)) + '\\n').join(''));
createServer((socket) => socket.end('x')).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
  },
  {
    id: 'odd-manifest',
    does: 'has a manifest that is not JSON, with escape sequences and tags',
    stage: 1,
    files: { 'workshop.json': '\u001b[2J\n\u0007{run: </script>\u202e' },
    deserves: 'refused',
    words: /workshop\.json is not JSON/,
  },
];
