/** Proof of use: the solution of stage 4 serves five clients on the simulated kernel, in an order that a seed decides. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, expect, test } from 'vitest';
import { sockaddr_in } from '../address.ts';
import { AF_INET, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET } from '../constants.ts';
import { type Actor, Kernel } from './kernel.ts';
import { attemptsOf } from './linux.ts';
import { type Ending, runProgram } from './program.ts';

const PORT = 8080;
const UPSTREAM_PORT = 3000;
const CLIENTS = 5;
const BYTES = 600;

let code = '';
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../solutions/stage-4-tcp-proxy/proxy.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    logLevel: 'silent',
    external: ['#linux'],
  });
  code = outputFiles[0]?.text ?? '';
});

/** Echoes what each client sends, until it ends its stream. */
function* echo(kernel: Kernel): Actor {
  const process = kernel.newProcess('upstream');
  const { socket, bind, listen, accept, setsockopt } = attemptsOf(kernel, process);
  const listener = yield* kernel.perform(process, socket(AF_INET, SOCK_STREAM, 0));
  yield* kernel.perform(process, setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, 1));
  yield* kernel.perform(process, bind(listener, sockaddr_in('127.0.0.1', UPSTREAM_PORT)));
  yield* kernel.perform(process, listen(listener, 128));
  while (true) {
    const peer = yield* kernel.perform(process, accept(listener));
    kernel.spawn(`upstream ${peer}`, echoOne(kernel, process, peer));
  }
}

function* echoOne(kernel: Kernel, process: ReturnType<Kernel['newProcess']>, peer: number): Actor {
  const { recv, send, close } = attemptsOf(kernel, process);
  const buffer = Buffer.alloc(512);
  while (true) {
    const n = yield* kernel.perform(process, recv(peer, buffer, buffer.length, 0));
    if (n <= 0) break;
    yield* kernel.perform(process, send(peer, Buffer.from(buffer.subarray(0, n)), n, 0));
  }
  yield* kernel.perform(process, close(peer));
}

/** Sends its own bytes, and collects what comes back. */
function* client(kernel: Kernel, number: number, came: (bytes: Buffer) => void): Actor {
  const process = kernel.newProcess(`client ${number}`);
  const { socket, connect, recv, send, close } = attemptsOf(kernel, process);
  const fd = yield* kernel.perform(process, socket(AF_INET, SOCK_STREAM, 0));
  yield* kernel.sleep(1);
  expect(yield* kernel.perform(process, connect(fd, sockaddr_in('127.0.0.1', PORT)))).toBe(0);
  const sent = Buffer.alloc(BYTES, number);
  for (let at = 0; at < BYTES; ) {
    at += yield* kernel.perform(process, send(fd, sent.subarray(at), BYTES - at, 0));
  }
  const answer: Buffer[] = [];
  const buffer = Buffer.alloc(700);
  for (let got = 0; got < BYTES; ) {
    const n = yield* kernel.perform(process, recv(fd, buffer, buffer.length, 0));
    expect(n).toBeGreaterThan(0);
    answer.push(Buffer.from(buffer.subarray(0, n)));
    got += n;
  }
  came(Buffer.concat(answer));
  yield* kernel.perform(process, close(fd));
}

function* stop(program: ReturnType<Kernel['newProcess']>, kernel: Kernel): Actor {
  yield* kernel.sleep(1000);
  program.signal('SIGTERM');
}

interface Run {
  answers: Buffer[];
  ending: Ending;
  calls: string[];
  deviations: number;
  kernel: Kernel;
}

function run(seed: number): Run {
  const kernel = new Kernel(seed);
  const program = kernel.newProcess('proxy', { descriptors: 64 });
  const calls: string[] = [];
  program.onCall = (call, args, result) => void calls.push(`${kernel.now.toFixed(3)} ${call} ${args[0]} = ${result}`);
  const answers: Buffer[] = [];
  kernel.spawn('upstream', echo(kernel));
  for (let number = 1; number <= CLIENTS; number += 1) {
    kernel.spawn(
      `client ${number}`,
      client(kernel, number, (bytes) => void answers.push(bytes)),
    );
  }
  kernel.spawn('end', stop(program, kernel));
  const modules = { 'node:fs': { realpathSync: String }, 'node:url': { fileURLToPath: String } };
  const env = { PORT: String(PORT), UPSTREAM_PORT: String(UPSTREAM_PORT) };
  const ending = runProgram(kernel, program, code, { env, modules });
  return { answers, ending, calls, deviations: kernel.choices.taken.length, kernel };
}

test('five clients get their own bytes back, on a calm machine and in forty other orders', () => {
  const orders = new Set<string>();
  for (let seed = 0; seed <= 40; seed += 1) {
    const { answers, ending, calls } = run(seed);
    expect(ending, `seed ${seed}`).toEqual({ kind: 'signal', signal: 'SIGTERM' });
    const owners = answers.map((bytes) => {
      expect(
        bytes.every((byte) => byte === bytes[0]),
        `seed ${seed}`,
      ).toBe(true);
      return bytes[0];
    });
    expect(owners.sort(), `seed ${seed}`).toEqual([1, 2, 3, 4, 5]);
    orders.add(calls.join('\n'));
  }
  expect(orders.size).toBeGreaterThan(35);
});

test('one seed is one order, to the last call; the calm machine takes no other choice', () => {
  for (const seed of [0, 7]) {
    const [first, second] = [run(seed), run(seed)];
    expect(first.calls).toEqual(second.calls);
    expect(first.kernel.now).toBe(second.kernel.now);
    expect(first.deviations > 0).toBe(seed !== 0);
  }
});

test('all that the proxy held is closed when it ends', () => {
  const { kernel } = run(3);
  kernel.run();
  expect([...kernel.network.ports.holders(PORT)]).toEqual([]);
});
