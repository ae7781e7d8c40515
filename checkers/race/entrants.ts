/** The entrants of a race: the learner's proxy or ours, the direct connection, and every installed well-known proxy. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProgramSpec } from '../harness/program.ts';
import type { ProgramPorts } from '../harness/program-ports.ts';
import { findOnPath } from '../harness/python.ts';
import { root } from '../root.ts';

export interface Entrant {
  id: string;
  /** at most 16 characters */
  name: string;
  /** its settings, for readers */
  settings: string;
  /** the most idle connections that it can hold, and why; undefined: as many as the race has */
  idleLimit?: { connections: number; why: string };
  /** undefined where it can run; else why not */
  missing(): string | undefined;
  /** environment variables besides its ports */
  variables?: Record<string, string>;
  /** how to start it; undefined: nothing to start, clients connect directly to the upstream */
  prepare?(ports: ProgramPorts, folder: string): ProgramSpec;
}

/** The reference for the others. */
export const REFERENCE = 'haproxy';

/** Limit on connections that proxies are configured for; each takes two descriptors. */
const MAX_CONNECTIONS = 8000;

export const direct: Entrant = {
  id: 'direct',
  name: 'direct',
  settings: 'no proxy: clients connect to the upstream itself',
  missing: () => undefined,
};

export const peers: Entrant[] = [
  haproxy('haproxy', 'HAProxy', 'TCP mode, nbthread 1, otherwise its defaults', [], []),
  haproxy('haproxy-tuned', 'HAProxy 1 MiB', 'TCP mode, nbthread 1, tune.bufsize 1048576', ['tune.bufsize 1048576'], []),
  haproxy(
    'haproxy-splice',
    'HAProxy splice',
    'TCP mode, nbthread 1, option splice-request and splice-response, tune.pipesize 1048576',
    ['tune.pipesize 1048576', 'maxpipes 256'],
    ['option splice-request', 'option splice-response'],
  ),
  nginx('nginx', 'nginx', 'stream module, one worker, otherwise its defaults', []),
  nginx('nginx-tuned', 'nginx 1 MiB', 'stream module, one worker, proxy_buffer_size 1m, tcp_nodelay on', [
    'proxy_buffer_size 1m;',
    'tcp_nodelay on;',
  ]),
  {
    id: 'socat',
    name: 'socat',
    settings: 'TCP-LISTEN with fork, backlog=1024: a process for each connection',
    idleLimit: { connections: 100, why: 'it starts a process for each connection' },
    missing: () => needsProgram('socat'),
    prepare: ({ proxy, upstream }) => ({
      argv: ['socat', `TCP-LISTEN:${proxy},bind=127.0.0.1,fork,reuseaddr,backlog=1024`, `TCP:127.0.0.1:${upstream}`],
      cwd: root,
      label: 'socat',
    }),
  },
  {
    id: 'node-net',
    name: 'node:net pipe',
    settings: 'two sockets of node:net, piped into one another (checkers/controls/node-net.mjs)',
    missing: () => undefined,
    prepare: () => ({
      argv: [process.execPath, join(root, 'checkers', 'controls', 'node-net.mjs')],
      cwd: root,
      label: 'node:net pipe',
    }),
  },
];

function haproxy(id: string, name: string, settings: string, global: string[], defaults: string[]): Entrant {
  return {
    id,
    name,
    settings,
    missing: () => needsProgram('haproxy'),
    prepare: ({ proxy, upstream }, folder) => {
      const lines = ['global', 'nbthread 1', `maxconn ${MAX_CONNECTIONS}`, ...global];
      lines.push('defaults', 'mode tcp', 'timeout connect 5s', 'timeout client 1m', 'timeout server 1m', ...defaults);
      lines.push('listen race', `bind 127.0.0.1:${proxy}`, `server upstream 127.0.0.1:${upstream}`);
      const path = join(folder, `${id}.cfg`);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return { argv: ['haproxy', '-f', path], cwd: folder, label: name };
    },
  };
}

function nginx(id: string, name: string, settings: string, server: string[]): Entrant {
  return {
    id,
    name,
    settings,
    missing: () => needsProgram('nginx') ?? needsStreamModule(),
    prepare: ({ proxy, upstream }, folder) => {
      const path = join(folder, `${id}.conf`);
      writeFileSync(path, nginxFile(join(folder, `${id}.pid`), proxy, upstream, server));
      return { argv: ['nginx', '-c', path, '-e', 'stderr'], cwd: folder, label: name };
    },
  };
}

function nginxFile(pidFile: string, port: number, upstream: number, server: string[]): string {
  return [
    ...(streamIsBuiltIn() ? [] : ['load_module modules/ngx_stream_module.so;']),
    'daemon off;',
    `pid ${pidFile};`,
    'error_log stderr crit;',
    'worker_processes 1;',
    `worker_rlimit_nofile ${2 * MAX_CONNECTIONS + 100};`,
    `events { worker_connections ${2 * MAX_CONNECTIONS}; }`,
    `stream { server { listen 127.0.0.1:${port} backlog=4096; proxy_pass 127.0.0.1:${upstream}; ${server.join(' ')} } }`,
    '',
  ].join('\n');
}

let nginxSaid: string | undefined;

/** How nginx was built: '--with-stream' alone, or '--with-stream=dynamic', or not at all. */
function nginxBuild(): string {
  nginxSaid ??= spawnSync('nginx', ['-V'], { encoding: 'utf8' }).stderr ?? '';
  return nginxSaid;
}

function streamIsBuiltIn(): boolean {
  return /--with-stream( |$)/.test(nginxBuild());
}

function needsStreamModule(): string | undefined {
  if (streamIsBuiltIn()) return undefined;
  const test = spawnSync('nginx', ['-t', '-e', 'stderr', '-g', 'load_module modules/ngx_stream_module.so;'], {
    encoding: 'utf8',
  });
  return /dlopen|cannot open shared object/.test(test.stderr ?? '') ? 'nginx has no stream module' : undefined;
}

function needsProgram(name: string): string | undefined {
  return findOnPath(name) === undefined ? `${name} is not installed` : undefined;
}
