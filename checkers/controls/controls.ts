/** Correct programs by others or in other languages: each has to pass every check, every time. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import {
  IORING_SETUP_DEFER_TASKRUN,
  IORING_SETUP_SINGLE_ISSUER,
  IoUring,
  io_uring_queue_exit,
  io_uring_queue_init,
} from '#liburing';
import { errno } from '#linux';
import type { Milestone } from '../course/course.ts';
import { findOnPath } from '../harness/python.ts';
import { root, workshopFolder } from '../root.ts';
import type { Candidate } from '../run/candidate.ts';

/** One correct program. */
export interface Control {
  id: string;
  /** the stages whose contract it fulfils */
  stages: number[];
  /** as typed after --command, in the folder of the controls */
  command: string;
  /** undefined where it can run; else why not */
  missing(): string | undefined;
  /** checks of features that it lacks, as milestone and id: '8.1 status'. A test makes sure that it fails them */
  cannot?: string[];
}

/** Where their configuration files are. */
export const controlsFolder = join(root, 'checkers', 'controls');

/** nginx always writes a pid file. */
const NGINX_PID = join(workshopFolder, 'nginx.pid');

/** Where the programs in C that the lessons show are built. */
const builds = join(workshopFolder, 'c');

export const controls: Control[] = [
  cTwin(1, 'stage-1-tcp-server'),
  cTwin(2, 'stage-2-tcp-client'),
  cTwin(3, 'stage-3-epoll'),
  cTwin(4, 'stage-4-tcp-proxy'),
  { id: 'node-line-server', stages: [3], command: 'node line-server.mjs', missing: () => undefined },
  {
    id: 'python-line-server',
    stages: [1],
    command: 'python3 line_server.py',
    missing: () => needsProgram('python3'),
  },
  {
    id: 'socat-rev',
    stages: [3],
    command: "socat TCP-LISTEN:$PORT,fork,reuseaddr EXEC:'stdbuf -oL rev'",
    missing: () => needsProgram('socat') ?? needsProgram('stdbuf') ?? needsProgram('rev'),
    // It reverses characters, and gives up at invalid bytes.
    cannot: ['3.2 every-byte'],
  },
  { id: 'node-line-client', stages: [2], command: 'node line-client.mjs', missing: () => undefined },
  { id: 'python-line-client', stages: [2], command: 'python3 line_client.py', missing: () => needsProgram('python3') },
  { id: 'node-net', stages: [4, 5], command: 'node node-net.mjs', missing: () => undefined },
  {
    id: 'python-example',
    stages: [4],
    command: 'python3 ../../docs/examples/proxy.py',
    missing: () => needsProgram('python3'),
  },
  {
    id: 'socat',
    stages: [4, 5],
    command: 'socat TCP-LISTEN:$PORT,fork,reuseaddr TCP:127.0.0.1:$UPSTREAM_PORT',
    missing: () => needsProgram('socat'),
  },
  { id: 'haproxy', stages: [4, 5], command: 'haproxy -f haproxy.cfg', missing: () => needsProgram('haproxy') },
  {
    id: 'nginx-fixed-ports',
    stages: [4, 5],
    command: `nginx -c "$PWD/nginx-fixed-ports.conf" -g 'pid "${NGINX_PID}";'`,
    missing: () => needsProgram('nginx') ?? needsStreamModule(),
  },
  {
    id: 'python-endings',
    stages: [6],
    command: 'python3 endings.py',
    missing: () => needsProgram('python3'),
  },
  {
    id: 'python-endings-log',
    stages: [6],
    command: 'env LOG=1 python3 endings.py',
    missing: () => needsProgram('python3'),
  },
  {
    id: 'node-net-endings',
    stages: [6],
    command: 'node node-net-endings.mjs',
    missing: () => undefined,
    // If unread bytes precede an RST, Node reports an ordinary end.
    cannot: ['6.2 client-reset', '6.2 upstream-reset'],
  },
  {
    id: 'haproxy-endings',
    stages: [6],
    command: 'exec sh haproxy-endings.sh',
    missing: () => needsProgram('haproxy'),
    // It passes a client's reset on only until the other side has finished, and an upstream's never.
    cannot: ['6.2 client-reset', '6.2 upstream-reset'],
  },
  {
    id: 'haproxy-endings-log',
    stages: [6],
    command: 'exec sh haproxy-endings.sh haproxy-log.cfg',
    missing: () => needsProgram('haproxy'),
    cannot: ['6.2 client-reset', '6.2 upstream-reset'],
  },
  { id: 'node-net-crowd', stages: [7, 9], command: 'node node-net-crowd.mjs', missing: () => undefined },
  {
    id: 'haproxy-crowd',
    stages: [7],
    command: 'exec sh haproxy-crowd.sh',
    missing: () => needsProgram('haproxy'),
  },
  {
    id: 'nginx-crowd-fixed-ports',
    stages: [7],
    command: `exec sh nginx-crowd.sh "${nginxCrowdPid()}"`,
    missing: () => needsProgram('nginx') ?? needsStreamModule(),
  },
  { id: 'node-net-upstreams', stages: [8], command: 'node node-net-upstreams.mjs', missing: () => undefined },
  {
    id: 'haproxy-upstreams',
    stages: [8],
    command: 'exec sh haproxy-upstreams.sh',
    missing: () => needsProgram('haproxy'),
    // It detects dead upstreams by health checks, which count as clients of the upstreams. Its status has another format.
    cannot: ['8.1 status', '8.2 remembered', '8.2 status-down'],
  },
  {
    id: 'nginx-upstreams',
    stages: [8],
    command: `exec sh nginx-upstreams.sh "${join(workshopFolder, 'nginx-upstreams')}.$$"`,
    missing: () => needsProgram('nginx') ?? needsStreamModule(),
    // It refuses clients while all upstreams are marked down, and has no status page.
    cannot: ['8.1 status', '8.2 all-dead', '8.2 status-down'],
  },
  {
    id: 'haproxy-fast',
    stages: [9],
    command: 'exec sh haproxy-crowd.sh haproxy-fast.cfg',
    missing: () => needsProgram('haproxy'),
  },
  {
    id: 'nginx-fast-fixed-ports',
    stages: [9],
    command: `exec sh nginx-crowd.sh "${nginxCrowdPid()}" nginx-fast.conf`,
    missing: () => needsProgram('nginx') ?? needsStreamModule(),
  },
  {
    id: 'completions',
    stages: [4, 5, 6, 7, 8],
    command: 'exec node --import tsx completions.ts',
    missing: needsIoUring,
  },
];

/** The checks of a milestone that a control has to pass: all except those of features that it lacks. */
export function checksFor({ cannot = [] }: Control, { id, checks }: Milestone): string[] {
  return checks.map((check) => check.id).filter((check) => !cannot.includes(`${id} ${check}`));
}

/** The pid file of nginx for many clients. */
function nginxCrowdPid(): string {
  return join(workshopFolder, 'nginx-crowd.pid');
}

/** The solution's twin in C, which the lesson of the stage shows. */
function cTwin(stage: number, name: string): Control {
  return {
    id: `c-stage-${stage}`,
    stages: [stage],
    command: `exec "${join(builds, name)}"`,
    missing: () => needsProgram('cc') ?? build(name),
  };
}

/** Compiles a program of the lessons, if needed; returns the error if that fails. */
function build(name: string): string | undefined {
  const source = join(root, 'docs', 'snippets', `${name}.c`);
  const binary = join(builds, name);
  if (existsSync(binary) && statSync(binary).mtimeMs > statSync(source).mtimeMs) return undefined;
  mkdirSync(builds, { recursive: true });
  const unfinished = `${binary}.${process.pid}`;
  const { status } = spawnSync('cc', ['-O2', '-o', unfinished, source]);
  if (status !== 0) return `${name}.c does not compile here`;
  renameSync(unfinished, binary);
  return undefined;
}

/** A kernel may lack it, and a container may refuse it. */
function needsIoUring(): string | undefined {
  const ring = new IoUring();
  if (io_uring_queue_init(4, ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN) === -1) {
    return `this kernel or container refuses io_uring (${errno()})`;
  }
  io_uring_queue_exit(ring);
  return undefined;
}

function needsProgram(name: string): string | undefined {
  return findOnPath(name) === undefined ? `${name} is not installed` : undefined;
}

function needsStreamModule(): string | undefined {
  const args = ['-t', '-c', join(controlsFolder, 'nginx-fixed-ports.conf'), '-g', `pid "${NGINX_PID}";`];
  const test = spawnSync('nginx', args, { encoding: 'utf8' });
  return /unknown directive "stream"|ngx_stream_module/.test(test.stderr) ? 'nginx has no stream module' : undefined;
}

/** The control as something to judge. */
export function asCandidate({ command }: Control): Candidate {
  return { kind: 'command', command, cwd: controlsFolder };
}
