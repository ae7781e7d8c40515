/** The in-kernel proxy of docs/performance.md: it compiles, and where permitted, it carries bytes. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findOnPath } from '../harness/python.ts';
import { takePortBlock } from '../kernel/ports.ts';

const compiler = findOnPath('cc');
const HEADERS = '/usr/include/linux/bpf.h';
/** Older headers lack its constants. */
const knowsVerdicts = existsSync(HEADERS) && readFileSync(HEADERS, 'utf8').includes('BPF_SK_SKB_VERDICT');
const SOURCE = join(import.meta.dirname, 'sockmap.c');
/** Its exit code where the kernel, or this user, may not do that. */
const NOT_ALLOWED = 3;

describe.skipIf(compiler === undefined || !knowsVerdicts)('sockmap.c (needs cc, and headers of Linux 5.13)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-sockmap-'));
  const program = join(folder, 'sockmap');
  let running: ChildProcess | undefined;

  beforeAll(() => {
    execFileSync(compiler ?? '', ['-O2', '-Wall', '-Wextra', '-Werror', '-o', program, SOURCE]);
  });
  afterAll(() => {
    running?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('carries a line each way, or says that it may not run here', async () => {
    const block = await takePortBlock();
    const [port, upstreamPort] = [block.take(), block.take()];
    const upstream = createServer((socket) => socket.on('data', (bytes) => socket.end(`${bytes}, heard`)));
    upstream.listen(upstreamPort, '127.0.0.1');
    await once(upstream, 'listening');
    running = spawn(program, { env: { PORT: String(port), UPSTREAM_PORT: String(upstreamPort) }, stdio: 'ignore' });
    try {
      const client = await connected(port, running);
      if (client === undefined) return expect(running.exitCode).toBe(NOT_ALLOWED);
      client.write('hello');
      let heard = '';
      for await (const bytes of client) heard += bytes;
      expect(heard).toBe('hello, heard');
    } finally {
      upstream.close();
      block.release();
    }
  });
});

/** A connection to a program that may not listen yet; undefined once it has ended. */
async function connected(port: number, program: ChildProcess): Promise<Socket | undefined> {
  const deadline = performance.now() + 20_000;
  while (program.exitCode === null && performance.now() < deadline) {
    const socket = connect(port, '127.0.0.1');
    if (await once(socket, 'connect').catch(() => undefined)) return socket;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return undefined;
}
