/** Every solution of the course runs on the simulated kernel, from its first call to its end. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { clientOf, echoUpstream } from './actors.ts';
import { type Actor, Kernel } from './kernel.ts';
import { linuxOf } from './linux.ts';
import { Pipe } from './pipe.ts';
import type { Process } from './process.ts';
import { type Ending, runProgram, type Surroundings } from './program.ts';
import { bundleProgram } from './shell/bundle.ts';
import { nodeThreads } from './shell/threads.ts';
import { Sink } from './standard.ts';

const solutions = fileURLToPath(new URL('../../solutions/', import.meta.url));
const [PORT, UPSTREAM_PORT] = [8080, 3000];
const CLIENTS = 5;
const LATE_MS = 100;

/** The program of a stage, as one script. */
function programOf(stage: number): string {
  const folder = readdirSync(solutions).find((name) => name.startsWith(`stage-${stage}-`)) ?? '';
  const file = readdirSync(`${solutions}/${folder}`).find((name) => name.endsWith('.ts')) ?? '';
  return bundleProgram(`${solutions}/${folder}/${file}`);
}

const threads = nodeThreads();
afterAll(() => threads.end());

/** Counts the connections that each process accepts. */
class CountingKernel extends Kernel {
  readonly accepted = new Map<string, number>();

  override newProcess(...given: Parameters<Kernel['newProcess']>): Process {
    const process = super.newProcess(...given);
    process.onCall = (call, _args, result) => {
      if (call === 'accept4' && result >= 0)
        this.accepted.set(process.name, (this.accepted.get(process.name) ?? 0) + 1);
    };
    return process;
  }
}

interface Run {
  accepted: number[];
  answers: string[];
  ending: Ending;
  lines: string[];
  kernel: Kernel;
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

/** Clients exchange two lines each with a server or a proxy; then the program gets SIGTERM. */
function serve(stage: number, seed: number, env: Record<string, string> = {}, also?: (kernel: Kernel) => Actor): Run {
  const kernel = new CountingKernel(seed);
  const program = kernel.newProcess('program', { descriptors: 1024 });
  const answers: string[] = [];
  const lines: string[] = [];
  if (stage > 3) kernel.spawn('upstream', echoUpstream(kernel, UPSTREAM_PORT));
  for (let number = 1; number <= CLIENTS; number += 1) {
    const messages = ['one', 'two'].map((word) => Buffer.from(`${word} of ${number}\n`));
    const came = (answer: Uint8Array | undefined): void => void answers.push(text(answer));
    function* late(): Actor {
      // The upstream listens by then, and so do both processes of stage 9.
      yield* kernel.sleep(LATE_MS);
      yield* clientOf(kernel, `client ${number}`, PORT, messages, came);
    }
    kernel.spawn(`client ${number}`, late());
  }
  if (also !== undefined) kernel.spawn('also', also(kernel));
  kernel.scheduler.post('end', 2000, () => program.signal('SIGTERM'));
  const surroundings: Surroundings = {
    env: { PORT: String(PORT), UPSTREAM_PORT: String(UPSTREAM_PORT), ...env },
    print: (line) => void lines.push(line),
    children: threads,
  };
  const ending = runProgram(kernel, program, programOf(stage), surroundings);
  return { accepted: [...kernel.accepted.values()], answers: answers.sort(), ending, lines, kernel };
}

const numbers = [1, 2, 3, 4, 5];
const lineOf = (stage: number, line: string): string => (stage > 3 ? line : [...line].reverse().join(''));
const expected = (stage: number): string[] =>
  ['one', 'two'].flatMap((word) => numbers.map((n) => `${lineOf(stage, `${word} of ${n}`)}\n`)).sort();

describe.each([1, 3, 4, 5, 6, 7, 8, 9])('stage %i', (stage) => {
  test.each([0, 5, 6])('serves five clients, then ends as asked, with seed %i', (seed) => {
    const { answers, ending } = serve(stage, seed);
    expect(answers).toEqual(expected(stage));
    expect(ending).toEqual(stage < 7 ? { kind: 'signal', signal: 'SIGTERM' } : { kind: 'exit', code: 0 });
  });
});

test.each([0, 3])('stage 2 reads lines, asks a server for each, prints the answers, with seed %i', (seed) => {
  const kernel = new Kernel(seed);
  kernel.spawn('server', echoUpstream(kernel, PORT));
  const input = new Pipe(kernel.settings, 0);
  const shell = kernel.newProcess('shell', { files: [new Sink(), new Sink(), new Sink(), input.writer] });
  const printed: Uint8Array[] = [];
  const files = [input.reader, new Sink((bytes) => void printed.push(bytes)), new Sink()];
  const program = kernel.newProcess('client', { files });
  function* type(): Actor {
    for (const part of ['first\nsec', 'ond\n', 'third']) {
      yield* kernel.sleep(50);
      linuxOf(kernel, shell).write(3, Buffer.from(part), part.length);
    }
    kernel.exit(shell);
  }
  kernel.spawn('shell', type());
  expect(runProgram(kernel, program, programOf(2), { env: { PORT: String(PORT) } })).toEqual({ kind: 'exit', code: 0 });
  expect(text(Buffer.concat(printed))).toBe('first\nsecond\nthird\n');
});

describe('stage 9 as two processes', () => {
  const env = { WORKERS: '2' };

  test.each([0, 4])('both serve, both end, and one seed is one order: seed %i', (seed) => {
    const [first, second] = [serve(9, seed, env), serve(9, seed, env)];
    expect(first.answers).toEqual(expected(9));
    expect(first.ending).toEqual({ kind: 'exit', code: 0 });
    expect(
      [...first.kernel.processes.values()].filter(({ ended, name }) => !ended && name.startsWith('program')),
    ).toEqual([]);
    expect(first.accepted.length).toBe(2);
    expect(first.kernel.now).toBe(second.kernel.now);
    expect(first.lines).toEqual(second.lines);
  });

  test('one is killed: the other one says so, serves all clients that come later, and ends well', () => {
    const kill = function* (kernel: Kernel): Actor {
      yield* kernel.sleep(1000);
      for (const { name, pid } of kernel.processes.values()) if (name.includes('child')) kernel.kill(pid, 'SIGKILL');
    };
    const { ending, lines } = serve(9, 0, env, kill);
    expect(lines.join('\n')).toMatch(/proxy: worker \d+ has ended/);
    expect(ending).toEqual({ kind: 'exit', code: 0 });
  });

  test('without threads a second process is refused in one sentence', () => {
    const kernel = new Kernel();
    const ending = runProgram(kernel, kernel.newProcess('program'), programOf(9), { env });
    expect(String(ending.kind === 'threw' && ending.error)).toBe(
      'NotSimulated: The simulated kernel has no spawn(): here a machine has one program only: run the program on real Linux.',
    );
  });
});
