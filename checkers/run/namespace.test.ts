import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findMilestone } from '../course/find.ts';
import { findOnPath } from '../harness/python.ts';
import { tryListen } from '../kernel/ports.ts';
import { processIds } from '../kernel/process-tree.ts';
import { root } from '../root.ts';
import { FIXED_PORTS, namespaceArguments, outcomeIn } from './namespace.ts';
import { type MilestoneResult, runMilestone } from './run.ts';

const { proxy, upstream } = FIXED_PORTS;

/** A proxy that converts its clients' bytes to capital letters. */
const shouting = `
  const { connect, createServer } = require('node:net');
  createServer((client) => {
    const upstream = connect(process.env.UPSTREAM_PORT, '127.0.0.1');
    client.on('data', (bytes) => upstream.write(bytes.toString().toUpperCase()));
  }).listen(process.env.PORT);`;

function judge(command: string, id: string, only: string[]): Promise<MilestoneResult> {
  const milestone = findMilestone(id);
  if (milestone === undefined) throw new Error(`no milestone ${id}`);
  return runMilestone({ milestone, candidate: { kind: 'command', command, cwd: root }, seed: '1', only });
}

/** Whether a process has this as its last argument. */
function isRunning(argument: string): boolean {
  return processIds().some((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').endsWith(`\0${argument}\0`);
    } catch {
      return false;
    }
  });
}

/** Waits for a condition; false on a timeout. */
async function comesTo(condition: () => boolean): Promise<boolean> {
  const deadline = performance.now() + 10_000;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
  return condition();
}

const missing =
  namespaceArguments().length === 0
    ? 'this machine makes no network namespaces'
    : findOnPath('socat') === undefined
      ? 'socat is not installed'
      : undefined;

describe.skipIf(missing !== undefined)(`a program with fixed ports${missing ? ` (${missing})` : ''}`, () => {
  it('is judged while other processes have these ports: parallel checks, and this test', async () => {
    // undefined if another process has a port, which is as good.
    const ours = await Promise.all([tryListen(proxy), tryListen(upstream)]);
    const checks = ['listening', 'on-connect', 'one-each', 'restart'];
    const command = `exec socat TCP-LISTEN:${proxy},fork,reuseaddr TCP:127.0.0.1:${upstream}`;
    const { results } = await judge(command, '4.1', checks);
    for (const server of ours) server?.close();
    expect(results.map(({ id, status, reason }) => ({ id, status, reason }))).toEqual(
      checks.map((id) => ({ id, status: 'pass', reason: undefined })),
    );
  });
});

describe.skipIf(namespaceArguments().length === 0)('in a network namespace', () => {
  it('a failed check brings its evidence out, bytes included', async () => {
    const { results } = await judge(`node -e "${shouting}"`, '4.2', ['round-trip']);
    expect(results).toMatchObject([{ status: 'fail', evidence: { symptom: 'wrong-bytes' } }]);
    expect(results[0]?.evidence?.difference?.observed.toString()).toMatch(/^HELLO/);
  });

  it('a program that has lost our mark ends with a check that is stopped', async () => {
    const milestone = findMilestone('4.1');
    if (milestone === undefined) throw new Error('no milestone 4.1');
    const seconds = `3600.${process.pid}`;
    const candidate = { kind: 'command' as const, command: `exec env -i sleep ${seconds}`, cwd: root };
    const stop = new AbortController();
    const { signal } = stop;
    const run = runMilestone({ milestone, candidate, seed: '1', only: ['listening'], signal });
    expect(await comesTo(() => isRunning(seconds))).toBe(true);
    stop.abort();
    await run;
    expect(await comesTo(() => !isRunning(seconds))).toBe(true);
  });

  it.skipIf(findOnPath('python3') === undefined)(
    'a name and an address are found by a program that asks for addresses of configured families only',
    async () => {
      // socket.AI_ADDRCONFIG does not count 127.0.0.1 as a configured address.
      const script = `
import os, socket
for host in "localhost", "127.0.0.1":
    socket.getaddrinfo(host, os.environ["UPSTREAM_PORT"], socket.AF_INET, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
socket.create_server(("", int(os.environ["PORT"]))).accept()`;
      const { results } = await judge(`exec python3 -c '${script}'`, '4.1', ['listening']);
      expect(results.map(({ status, evidence }) => [status, evidence?.lastLines.at(-1)])).toEqual([
        ['pass', undefined],
      ]);
    },
    60_000,
  );

  it('a program runs alone: nothing else listens in its namespace', () => {
    const listeners = ['sh', '-c', 'tail -n +2 /proc/net/tcp | wc -l'];
    const { stdout } = spawnSync('unshare', [...namespaceArguments(), ...listeners], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('0');
  });
});

describe('the output of a worker', () => {
  const outcome = { status: 'broken', reason: 'äöü', ms: 7 };
  const written = JSON.stringify(outcome);

  it('is its outcome', () => {
    expect(outcomeIn(written)).toEqual(outcome);
  });

  it('is undefined if the worker was killed in the middle, or before it began', () => {
    expect(outcomeIn(written.slice(0, -1))).toBeUndefined();
    expect(outcomeIn('')).toBeUndefined();
  });
});
