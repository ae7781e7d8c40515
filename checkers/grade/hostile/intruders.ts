/** Wants out: to the network, the checks, other students' work, the process that judges it. */
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
for (const place of ['solutions/stage-1-tcp-server/server.ts', 'checkers/run.ts', 'stages/stage-1-tcp-server/server.ts'])
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
    does: 'sends what it knows to somebody on the network',
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
    does: 'ends its parent and every other process that it may, and serves then',
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
    does: 'ends the process that started it',
    stage: 1,
    files: { 'server.ts': "process.kill(process.ppid, 'SIGKILL'); setInterval(() => {}, 1000);" },
    deserves: 'none',
    from: 'user',
  },
  {
    id: 'changes-its-program',
    does: 'writes another program over its own, for the next check',
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
    does: 'makes namespaces to have rights in there, and mounts over what it sees',
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
];
