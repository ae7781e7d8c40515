/** A program may keep sockets for its log, DNS and metrics; it must close the check's sockets, in any state. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { Program } from '../harness/program.ts';
import { Reaper } from '../harness/reaper.ts';
import { Timeline } from '../harness/timeline.ts';
import { Waiting } from '../harness/waiting.ts';
import { descriptorCount } from '../harness/workers.ts';
import { root } from '../root.ts';
import { takePortBlock } from './ports.ts';

const reaper = new Reaper();
const block = await takePortBlock();
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  reaper.release();
  block.release();
});

const [upstream, elsewhere] = [await serve(), await serve()];
const missing = !existsSync('/proc/self/fd') || spawnSync('python3', ['-c', '']).status !== 0;

/** Python code that runs with its listener `s` open, and waits afterwards. */
async function started(body: string): Promise<Program> {
  const ports = { proxy: block.take(), upstream: upstream.port };
  const script = `
import socket, os, time, select
PORT, UPSTREAM, ELSEWHERE = ${ports.proxy}, ${ports.upstream}, ${elsewhere.port}
s = socket.create_server(("127.0.0.1", PORT))
kept = []
def keep(one): kept.append(one); return one
def tcp(): return keep(socket.socket())
${body}
print("ready", flush=True)
time.sleep(60)
`;
  const spec = { argv: ['python3', '-c', script], cwd: root, label: 'a test' };
  const program = new Program(spec, ports, reaper, new Timeline(), new Waiting());
  await expect.poll(() => program.stdout.text + program.stderr.text, { timeout: 20_000 }).toMatch(/^ready$/m);
  return program;
}

/** A server that resets a client that sends "reset", and sends a FIN to any other client. */
async function serve(): Promise<{ port: number }> {
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => (String(bytes) === 'reset' ? socket.resetAndDestroy() : socket.end()));
  });
  servers.push(server);
  const port = block.take();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { port };
}

it.skipIf(missing).concurrent.each([
  ['a UDP socket that was never used', 'keep(socket.socket(type=socket.SOCK_DGRAM))'],
  [
    'a UDP log',
    'keep(socket.socket(type=socket.SOCK_DGRAM)).sendto(b"log", ("127.0.0.1", ELSEWHERE))\nkeep(socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))',
  ],
  ["a UDP log on the upstream's port", 'keep(socket.socket(type=socket.SOCK_DGRAM)).connect(("127.0.0.1", UPSTREAM))'],
  ['UNIX sockets', 'kept += socket.socketpair()\nkeep(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))'],
  ['a netlink socket', 'keep(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))'],
  ['a TCP connection for metrics', 'tcp().connect(("127.0.0.1", ELSEWHERE))'],
  ['a listener for metrics', 'keep(socket.create_server(("127.0.0.1", 0)))'],
  ['a log file', 'keep(open("/dev/null"))\nkeep(open("/proc/self/exe", "rb"))'],
])('%s does not count', async (_name, body) => {
  const [bare, program] = [await started(''), await started(body)];
  expect(program.socketCount()).toBe(1);
  expect(descriptorCount(program)).toBe(descriptorCount(bare));
  await Promise.all([bare.kill(), program.kill()]);
});

it.skipIf(missing).concurrent.each([
  ['a TCP socket that was never connected', 'tcp()'],
  ['one that was refused', 'tcp().connect_ex(("127.0.0.1", 1))'],
  ['one to the upstream', 'tcp().connect(("127.0.0.1", UPSTREAM))'],
  [
    'one whose other end has closed',
    'c = tcp()\nc.connect(("127.0.0.1", UPSTREAM))\nc.send(b"end")\nwhile c.recv(9): pass',
  ],
  [
    'one whose other end has reset it',
    'c = tcp()\nc.connect(("127.0.0.1", UPSTREAM))\nc.send(b"reset")\ntry: c.recv(9)\nexcept OSError: pass',
  ],
])('%s counts', async (_name, body) => {
  const program = await started(body);
  expect(program.socketCount()).toBe(2);
  await program.kill();
});

it.skipIf(missing)('an accepted connection counts, even when its client has reset it', async () => {
  const program = await started('print("ready", flush=True)\nkeep(s.accept()[0])');
  const client = connect(program.ports.proxy, '127.0.0.1');
  await expect.poll(() => program.socketCount()).toBe(2);
  client.resetAndDestroy();
  await new Promise((resolve) => client.once('close', resolve));
  expect(program.socketCount()).toBe(2);
  await program.kill();
});

it.skipIf(missing)('a connection for metrics stays out of the count when it breaks', async () => {
  const program = await started(
    'c = tcp()\nc.connect(("127.0.0.1", ELSEWHERE))\nprint("ready", flush=True)\ntime.sleep(1.5)\nc.send(b"reset")\ntry: c.recv(9)\nexcept OSError: print("broken")',
  );
  expect(program.socketCount()).toBe(1);
  await expect.poll(() => program.stdout.text, { timeout: 20_000 }).toMatch(/broken/);
  expect(program.socketCount()).toBe(1);
  await program.kill();
});
