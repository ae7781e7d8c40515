/** Nothing listens, or no answer comes: one symptom with many causes. Each cause has its own message. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../contract/check.ts';
import { course } from '../course/course.ts';
import { findMilestone } from '../course/find.ts';
import { temporaryFolder } from '../fixtures.ts';
import type { Check } from '../harness/check.ts';
import { findOnPath } from '../harness/python.ts';
import { root } from '../root.ts';
import { executeCheck, type Outcome } from '../run/execute.ts';
import { runMilestone } from '../run/run.ts';
import { straceWorks } from '../trace/strace.ts';
import { explain } from './explain.ts';
import { stateLines } from './state.ts';

const onLinux = process.platform === 'linux';
const node = (script: string): string => `exec '${process.execPath}' -e '${script}'`;

async function judge(command: string, milestoneId: string, only: string, patience = 0.15): Promise<CheckResult> {
  const milestone = findMilestone(milestoneId);
  if (milestone === undefined) throw new Error(`no milestone ${milestoneId}`);
  const candidate = { kind: 'command' as const, command, cwd: root };
  const { results } = await runMilestone({ milestone, candidate, seed: '1', only: [only], patience });
  const [result] = results;
  if (result === undefined) throw new Error('no result');
  return result;
}

const serves = 'import os,socket,threading,sys;l=socket.create_server(("",int(os.environ["PORT"])))';
const python = (rest: string): string =>
  `exec python3 -c '${serves};threading.Thread(target=l.accept,daemon=True).start();${rest}'`;

describe.runIf(onLinux && straceWorks() && findOnPath('python3')).concurrent('a proxy that exits', () => {
  it.each([
    ['at the end of input()', python('input()'), 'input-ended'],
    ['at the end of read()', python('sys.stdin.read()'), 'input-ended'],
    ['when its shell has read a line', `sleep 5 & read line; kill $!`, 'input-ended'],
    [
      'with Node’s standard input',
      node(
        'require("net").createServer().listen(+process.env.PORT); require("fs").readSync(0, Buffer.alloc(1)); process.exit()',
      ),
      'input-ended',
    ],
    ['by itself', python('sys.exit(0)'), 'loop-ended'],
    ['with an error of its own after it', python('sys.stdin.read();int("x")'), 'uncaught-error'],
  ])('%s', { timeout: 60_000, retry: 2 }, async (_how, command, id) => {
    const { status, explanation } = await judge(command, '4.1', 'listening', 1);
    expect(status).toBe('fail');
    expect(explanation?.causeId).toBe(id);
  });
});

describe
  .runIf(onLinux && straceWorks() && findOnPath('gcc'))
  .concurrent('a proxy in C that exits at the end of', () => {
    const folder = temporaryFolder();

    it.each(['getchar', 'fgets', 'scanf'])('%s()', { timeout: 60_000 }, async (how) => {
      const program = join(folder, how);
      const source = join(import.meta.dirname, 'fixtures', 'enter.c');
      const { status, stderr } = spawnSync('gcc', [`-D${how.toUpperCase()}`, '-pthread', '-o', program, source]);
      expect(status, String(stderr)).toBe(0);
      const { explanation } = await judge(`exec "${program}"`, '4.1', 'listening', 1);
      expect(explanation?.causeId).toBe('input-ended');
    });
  });

describe.runIf(onLinux && straceWorks()).concurrent('a program that exits after its shell has read a file', () => {
  it.each([
    ['word by word', 'while read word; do :; done < package.json; exit 3'],
    ['from standard input, put back later', 'exec 7<&0 < package.json; cat > /dev/null; exec 0<&7; exit 3'],
    [
      'that was read by the program itself',
      'exec node -e \'require("fs").readFileSync(0); process.exit(3)\' < package.json',
    ],
  ])('%s: says nothing of standard input', { timeout: 60_000 }, async (_how, command) => {
    const { explanation } = await judge(command, '4.1', 'listening', 1);
    expect(explanation?.causeId).not.toBe('input-ended');
  });
});

describe.runIf(onLinux && findOnPath('python3')).concurrent('a program that listens elsewhere than on TCP', () => {
  const listens = (bind: string): string =>
    `exec python3 -c 'import os,socket;l=socket.socket(socket.AF_UNIX${bind};l.listen();l.accept()'`;
  it.each([
    ['a UNIX socket', listens(');l.bind("\\0proxy"+os.environ["PORT"])')],
    ['a UNIX socket for messages', listens(',socket.SOCK_SEQPACKET);l.bind("\\0proxy"+os.environ["PORT"])')],
  ])('%s', { timeout: 60_000 }, async (_how, command) => {
    const { explanation } = await judge(command, '4.1', 'listening', 1);
    expect(explanation?.causeId).toBe('no-tcp-listener');
  });
});

describe.runIf(onLinux).concurrent('a program that does not listen', () => {
  it.each([
    ['is still starting', node('setTimeout(() => {}, 60_000)'), 'still-starting', /still starting.*waiting/],
    ['is busy starting', node('for (;;) {}'), 'still-starting', /still starting.*busy/],
    ['ends with an error', node('throw new Error("no such luck")'), 'uncaught-error', /no such luck/],
    [
      'listens elsewhere',
      node('require("net").createServer().listen(+process.env.PORT + 7)'),
      'wrong-port',
      /listens on port \d+; it has to listen on \d+/,
    ],
    [
      'listens on ::1 alone',
      node('require("net").createServer().listen(+process.env.PORT, "::1")'),
      'wrong-address',
      /listens on ::1, which a client that connects to 127.0.0.1 does not reach/,
    ],
    [
      'takes IPv6 alone on ::',
      node('require("net").createServer().listen({ port: +process.env.PORT, host: "::", ipv6Only: true })'),
      'wrong-address',
      /listens on :: for IPv6 only \(IPV6_V6ONLY\), which a client that connects to 127.0.0.1 does not reach/,
    ],
  ])('because it %s', async (_why, command, id, words) => {
    const { status, evidence, explanation } = await judge(command, '4.1', 'listening');
    expect(status).toBe('fail');
    expect(explanation?.cause).toMatch(words);
    // Without strace the message must do without it; causes that only calls prove have no id then.
    if (straceWorks()) expect(explanation?.causeId).toBe(id);
    if (evidence?.exit === undefined && evidence)
      expect(stateLines(evidence, 'proxy').join('\n')).toMatch(/the program /);
  });

  it('because another process has its port', async () => {
    const stranger = spawn(process.execPath, [
      '-e',
      'const s = require("net").createServer().listen(0, () => console.log(s.address().port))',
    ]);
    try {
      const [port] = (await once(stranger.stdout, 'data')) as [Buffer];
      const outcome = await onPort(Number(String(port)));
      const { check, stage } = listening();
      const explanation = outcome.evidence && explain(check, outcome.evidence, stage, false);
      expect(explanation).toMatchObject({ causeId: 'port-taken' });
      expect(explanation?.cause).toMatch(new RegExp(`taken by another program: \\S+ \\(pid ${stranger.pid}\\)`));
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

function listening(): { check: Check; stage: (typeof course)[number] } {
  const stage = course.find(({ number }) => number === 4);
  const check = stage?.milestones[0]?.checks.find(({ id }) => id === 'listening');
  if (stage === undefined || check === undefined) throw new Error('the course has no such check');
  return { check, stage };
}

/** A well-behaved program, on a port that is taken. */
async function onPort(proxy: number): Promise<Outcome> {
  const free = createServer().listen(0);
  const { port: upstream } = free.address() as { port: number };
  free.close();
  return executeCheck(listening().check, {
    program: {
      argv: [process.execPath, '-e', 'require("net").createServer().listen(process.env.PORT)'],
      cwd: root,
      label: 'a program',
    },
    ports: { proxy, upstream },
    seed: '1',
    reaper: { mark: 'same-symptom-test', watch: () => undefined },
  });
}

describe.runIf(onLinux).concurrent('a program that listens', () => {
  it('and never accepts gets that cause, with the backlog as proof', async () => {
    // Python's listen() without accept(): Node would accept on its own.
    const python =
      'import os,socket,time; s=socket.socket(); s.bind(("",int(os.environ["PORT"]))); s.listen(); time.sleep(60)';
    const { explanation, evidence } = await judge(`exec python3 -c '${python}'`, '4.1', 'on-connect', 0.5);
    expect(explanation?.causeId).toBe('never-accepts');
    expect(evidence && stateLines(evidence, 'proxy').join('\n')).toMatch(
      /waits in (nanosleep|select)\(\).*\n.*0 to clients.*1 more in its queue/s,
    );
  });
});
