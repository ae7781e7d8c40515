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
    from: 'user',
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
    does: 'makes thousands of small files, and folders in folders, deeper than any path may be long, and serves',
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
    id: 'parks-memory',
    does: 'fills shared memory and lets go of it, so that it is in no process',
    stage: 1,
    files: {
      'server.ts': `import koffi from 'koffi';
const libc = koffi.load('libc.so.6');
const get = libc.func('int shmget(int, size_t, int)');
const attach = libc.func('void *shmat(int, void *, int)');
const detach = libc.func('int shmdt(void *)');
const fill = libc.func('void *memset(void *, int, size_t)');
const park = () => {
  const place = attach(get(0, 64 << 20, 0o1666), null, 0);
  fill(place, 1, 64 << 20);
  detach(place);
};
for (let i = 0; i < 40; i += 1) park();
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    words: /together they held more than 1\.5 GB/,
    from: 'user',
  },
  {
    id: 'odd-names',
    does: 'comes with files whose names have ends of lines, escape sequences and formulas in them, and serves',
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
];
