/** Exhaust resources: processors, memory, processes, output, disk, time. */
import { besides, type Hostile } from './hostile.ts';
import { server } from './solutions.ts';

export const greedy: Hostile[] = [
  {
    id: 'endless-loop',
    does: 'spins for ever and never listens',
    stage: 1,
    files: { 'server.ts': 'for (;;) {}' },
    deserves: 'none',
    words: /nothing listens/,
  },
  {
    id: 'fork-bomb',
    does: 'is a fork bomb',
    stage: 1,
    files: {
      'server.ts': `import { spawn } from 'node:child_process';
for (let i = 0; i < 4; i += 1) spawn('sh', ['-c', 'f() { f | f & }; f'], { detached: true, stdio: 'ignore' }).on('error', () => {});
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    from: 'user',
  },
  {
    id: 'output-flood',
    does: 'prints without end',
    stage: 1,
    files: {
      'server.ts': `import { writeSync } from 'node:fs';
const line = 'x'.repeat(65535) + '\\n';
for (;;) try { writeSync(1, line); } catch {}`,
    },
    deserves: 'none',
    words: /printed more than 16 MB/,
    patience: 1,
  },
  {
    id: 'disk-fill',
    does: 'fills every writable folder, then serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { writeFileSync } from 'node:fs';
let written = 0;
for (const folder of ['/tmp', process.cwd(), '/', '/etc', '/dev', '/dev/shm', '/run', '/var/tmp'])
  try { for (let i = 0; i < 12; i += 1) writeFileSync(folder + '/' + i, Buffer.alloc(8 << 20)), written += 8; } catch {}
if (written > 160) process.exit(1);`,
      ),
    },
    deserves: 'all',
    from: 'bubblewrap',
  },
  {
    id: 'litters',
    does: 'leaves files in world-writable folders, and serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { mkdirSync, writeFileSync } from 'node:fs';
for (const folder of ['/tmp', '/var/tmp', '/dev/shm'])
  try { mkdirSync(folder + '/workshop-litter'); writeFileSync(folder + '/workshop-litter/x', 'x'); } catch {}`,
      ),
    },
    deserves: 'all',
    from: 'user',
    litters: ['/tmp/workshop-litter', '/var/tmp/workshop-litter', '/dev/shm/workshop-litter'],
  },
  {
    id: 'stops-itself',
    does: 'stops itself, as with Ctrl-Z, and waits',
    stage: 1,
    files: { 'server.ts': "process.kill(process.pid, 'SIGSTOP');" },
    deserves: 'none',
  },
  {
    id: 'ignores-signals',
    does: 'serves, and does not end when it is asked to',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => {});",
      ),
    },
    deserves: 'all',
  },
  {
    id: 'leaves-a-daemon',
    does: 'serves, and leaves a process in the background with a session and an environment of its own',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { spawn } from 'node:child_process';
spawn('sleep', ['7654321'], { detached: true, stdio: 'ignore', env: {} }).unref();`,
      ),
    },
    deserves: 'all',
    words: /used other programs: sleep/,
    from: 'user',
    leaves: 'sleep\u00007654321',
  },
  {
    id: 'endless-build',
    does: 'has a build that leaves a process running and fails',
    stage: 1,
    files: {
      'workshop.json': '{"build": "sleep 7654322 & echo no such compiler >&2; exit 3", "run": "./server"}',
      'server.c': 'int main;',
    },
    deserves: 'none',
    words: /failed with exit code 3/,
    leaves: 'sleep\u00007654322',
  },
  {
    id: 'build-without-end',
    does: 'has a build that never ends',
    stage: 1,
    files: { 'workshop.json': '{"build": "while :; do sleep 1; done", "run": "./server"}' },
    deserves: 'none',
    words: /took more than \d+ s/,
    patience: 0.05,
  },
  {
    id: 'digs-deep',
    does: 'creates thousands of small files, and nested folders beyond the maximum path length, and serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
const home = process.cwd();
for (const place of ['/tmp', home + '/../traces'].filter((name) => existsSync(name))) {
  try {
    process.chdir(place);
    mkdirSync('workshop-deep');
    process.chdir('workshop-deep');
    for (let i = 0; i < 3000; i += 1) writeFileSync(String(i), '');
    for (let i = 0; i < 40; i += 1) mkdirSync('d'.repeat(200)), process.chdir('d'.repeat(200));
  } catch {}
}
process.chdir(home);`,
      ),
    },
    deserves: 'all',
    from: 'user',
    litters: ['/tmp/workshop-deep'],
  },
  {
    id: 'shares-for-ever',
    does: 'leaves shared memory, a semaphore and a queue behind that outlive it, and serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import koffi from 'koffi';
const libc = koffi.load('libc.so.6');
libc.func('int shmget(int, size_t, int)')(0x77731001, 4096, 0o1666);
libc.func('int semget(int, int, int)')(0x77731002, 1, 0o1666);
libc.func('int msgget(int, int)')(0x77731003, 0o1666);`,
      ),
    },
    deserves: 'all',
    from: 'user',
    shares: [0x77731001, 0x77731002, 0x77731003],
  },
  {
    id: 'odd-names',
    does: 'includes files with newlines, escape sequences and formulas in their names, and serves',
    stage: 1,
    files: {
      'server.ts': server,
      'a\nb.txt': 'x',
      '\u001b[2J\u001b]0;x\u0007.txt': 'x',
      '=HYPERLINK("http:x").txt': 'x',
      '-rf': 'x',
      '\u202etxt.exe': 'x',
    },
    deserves: 'all',
    words: /Not looked at/,
  },
  {
    id: 'spins-everywhere',
    does: 'spins for ever in threads and in native code',
    stage: 1,
    files: {
      'server.ts': `import { Worker } from 'node:worker_threads';
for (let i = 0; i < 4; i += 1) new Worker('for (;;) {}', { eval: true });
const code = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 3, 64, 12, 0, 11, 11];
const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(code))).exports as { f(): void };
f();`,
    },
    deserves: 'none',
  },
  {
    id: 'stops-everybody',
    does: 'sends signals to every process that it may',
    stage: 1,
    files: {
      'server.ts': `import { spawn } from 'node:child_process';
spawn('sh', ['-c', 'kill -STOP -1'], { detached: true, stdio: 'ignore' });
process.kill(-1, 'SIGTERM');
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    from: 'user',
  },
  {
    id: 'holds-its-output',
    does: 'serves, and leaves processes in the background that keep its output open',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { spawn } from 'node:child_process';
spawn('setsid', ['sh', '-c', 'sleep 7654323 & sleep 7654323'], { detached: true, stdio: 'inherit', env: {} }).unref();`,
      ),
    },
    deserves: 'all',
    from: 'user',
    leaves: 'sleep\u00007654323',
  },
  {
    id: 'fills-its-traces',
    does: 'fills the folder of its trace, and answers wrongly',
    stage: 1,
    files: {
      'server.ts': `import { writeFileSync } from 'node:fs';
for (let i = 0; i < 12; i += 1) try { writeFileSync(process.cwd() + '/../traces/' + i, Buffer.alloc(40 << 20)); } catch {}
import { createServer } from 'node:net';
createServer((socket) => socket.end('x')).listen(Number(process.env.PORT), '127.0.0.1');`,
    },
    deserves: 'not all',
    from: 'bubblewrap',
  },
];
