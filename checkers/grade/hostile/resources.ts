/** Takes more than its share: processors, memory, processes, output, disk, time. */
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
    does: 'doubles itself without end',
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
    id: 'memory-bomb',
    does: 'takes all the memory that it can get',
    stage: 1,
    files: { 'server.ts': 'const all = []; for (;;) all.push(Buffer.alloc(64 * 1024 * 1024, 1));' },
    deserves: 'none',
    words: /memory|allocation|RangeError/i,
    patience: 1,
  },
  {
    id: 'many-memory-bombs',
    does: 'shares the work of filling the memory between processes, each below the limit',
    stage: 1,
    files: {
      'server.ts': `import { spawn } from 'node:child_process';
const hog = 'const all = []; setInterval(() => { if (all.length < 14) all.push(Buffer.alloc(64 * 1024 * 1024, 1)); }, 5);';
for (let i = 0; i < 6; i += 1) spawn(process.execPath, ['-e', hog], { stdio: 'ignore' });
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    from: 'unshare',
  },
  {
    id: 'hidden-memory-bomb',
    does: 'takes memory that is in no process, by files without a name',
    stage: 1,
    files: {
      'server.ts': `import { writeSync } from 'node:fs';
import koffi from 'koffi';
const create = koffi.load('libc.so.6').func('int memfd_create(const char *, unsigned int)');
const much = Buffer.alloc(32 * 1024 * 1024, 1);
for (let i = 0; i < 90; i += 1) writeSync(create('x', 0), much);
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    words: /together they held more than 1\.5 GB/,
    from: 'unshare',
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
    does: 'fills every folder that it may write to, and serves then',
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
    does: 'leaves files where everybody may write, and serves',
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
    does: 'stops as with Ctrl-Z and waits',
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
    words: /other programs work for it: sleep/,
    from: 'user',
    leaves: 'sleep\u00007654321',
  },
  {
    id: 'endless-build',
    does: 'has a build that leaves something running and fails',
    stage: 1,
    files: {
      'workshop.json': '{"build": "sleep 7654322 & echo no such compiler >&2; exit 3", "run": "./server"}',
      'server.c': 'int main;',
    },
    deserves: 'none',
    words: /failed with exit code 3/,
    leaves: 'sleep\u00007654322',
  },
];
