/** Take too much memory, in unusual places. */
import { besides, type Hostile } from './hostile.ts';
import { server } from './solutions.ts';

export const hoarders: Hostile[] = [
  {
    id: 'memory-bomb',
    does: 'allocates all the memory that it can get',
    stage: 1,
    files: { 'server.ts': 'const all = []; for (;;) all.push(Buffer.alloc(64 * 1024 * 1024, 1));' },
    deserves: 'none',
    words: /memory|allocation|RangeError/i,
    patience: 1,
  },
  {
    id: 'many-memory-bombs',
    does: 'fills the memory from several processes, each below the limit',
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
    does: 'takes memory outside of any process, in memfds',
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
    id: 'mounts-memory',
    does: 'creates a namespace and mounts a tmpfs there',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { spawnSync } from 'node:child_process';
const fill = 'mkdir -p /tmp/m && mount -t tmpfs -o size=4g none /tmp/m && head -c 64m /dev/zero > /tmp/m/file';
if (spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', fill]).status === 0) process.exit(3);`,
      ),
    },
    deserves: 'all',
    from: 'unshare',
  },
  {
    id: 'fills-tables',
    does: 'touches so much address space that the page tables fill the memory',
    stage: 1,
    files: {
      'workshop.json': '{"run": "python3 server.py"}',
      'server.py': `import mmap, time
# PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
space = mmap.mmap(-1, 3 << 40, flags=0x4022, prot=1)
for place in range(0, 3 << 40, 1 << 21):
    space[place]
time.sleep(60)`,
    },
    deserves: 'none',
    words: /together they held more than 1\.5 GB/,
    patience: 1,
    from: 'unshare',
  },
  {
    id: 'parks-memory',
    does: 'fills shared memory and detaches it, so that it belongs to no process',
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
    id: 'sends-memory-away',
    does: 'fills memfds and leaves them in flight in a socket, so that no process has them open',
    stage: 1,
    files: {
      'server.ts': `import { writeSync } from 'node:fs';
import koffi from 'koffi';
const libc = koffi.load('libc.so.6');
const create = libc.func('int memfd_create(const char *, unsigned int)');
const sendmsg = libc.func('long sendmsg(int, const void *, int)');
const close = libc.func('int close(int)');
const [socket] = [[0, 0]].map((pair) => (libc.func('int socketpair(int, int, int, _Out_ int *)')(1, 2, 0, pair), pair[0]));
const much = Buffer.alloc(32 * 1024 * 1024, 1);
const words = (...all: (number | bigint)[]) => Buffer.from(new BigUint64Array(all.map(BigInt)).buffer);
const send = (fd: number) => {
  const byte = words(koffi.address(much), 1);
  // Its length, SOL_SOCKET and SCM_RIGHTS, the descriptor.
  const control = words(20, 0x1_0000_0001, fd);
  sendmsg(socket, words(0, 0, koffi.address(byte), 1, koffi.address(control), 24, 0), 0);
  close(fd);
};
for (let i = 0; i < 70; i += 1) {
  const fd = create('x', 0);
  writeSync(fd, much);
  send(fd);
}
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    words: /together they held more than 1\.5 GB/,
    from: 'user',
  },
  {
    id: 'fills-sockets',
    does: 'sends itself data that it never reads, so that it stays in kernel buffers',
    stage: 1,
    files: {
      'server.ts': `import koffi from 'koffi';
const libc = koffi.load('libc.so.6');
const socketpair = libc.func('int socketpair(int, int, int, _Out_ int *)');
const setsockopt = libc.func('int setsockopt(int, int, int, const void *, unsigned int)');
const send = libc.func('long send(int, const void *, size_t, int)');
const size = Buffer.alloc(4);
size.writeInt32LE(4 << 20);
const much = Buffer.alloc(64 * 1024, 1);
let sent = 0;
for (const pair = [0, 0]; sent < 3 * 2 ** 30 && socketpair(1, 1, 0, pair) === 0; ) {
  for (const fd of pair) {
    setsockopt(fd, 1, 7, size, 4);
    while (send(fd, much, much.length, 0x40) > 0) sent += much.length;
  }
}
setInterval(() => {}, 1000);`,
    },
    deserves: 'none',
    words: /together they held more than 1\.5 GB/,
    from: 'unshare',
  },
];
