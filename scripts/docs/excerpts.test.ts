/** Compares the output of other programs shown in a page with their real output. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { findOnPath } from '../../checkers/harness/python.ts';
import { mutants } from '../../checkers/mutants/index.ts';
import { mutantSource } from '../../checkers/mutants/mutant.ts';
import { root } from '../../checkers/root.ts';
import { straceWorks } from '../../checkers/trace/strace.ts';
import { copyWorkshop, freePort, run } from '../fixtures.ts';
import { commandsOf, type Excerpt, excerpts } from './excerpts.ts';

const all = excerpts();
const workshop = copyWorkshop();
const started: ChildProcess[] = [];
const onLinux = process.platform === 'linux';

/** Tools that some tests need, and whether they are installed. */
const tools = {
  strace: onLinux && straceWorks(),
  ss: findOnPath('ss') !== undefined,
  curl: findOnPath('curl') !== undefined,
  python3: findOnPath('python3') !== undefined,
};
const absent = Object.entries(tools).flatMap(([name, there]) => (there ? [] : [name]));
if (absent.length > 0) console.warn(`Skipped excerpts of tools that are not installed: ${absent.join(', ')}`);

afterEach(async () => {
  for (const child of started.splice(0)) await ended(child);
});

/** The excerpt of a page that begins like this. */
function excerpt(page: string, beginning: string): string {
  const found = all.filter(({ file, text }) => file === `docs/${page}.md` && text.startsWith(beginning));
  expect(found.map(({ text }) => text)).toHaveLength(1);
  return found[0]?.text ?? '';
}

/** Numbers differ from run to run, and columns with them. */
function steady(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.replaceAll(/\d+/g, '#').replaceAll(/ {2,}/g, ' ').trim());
}

/** The test of each excerpt: these files test the others, unless they are not output. */
const elsewhere: [beginning: string | RegExp, by: string][] = [
  [/^Not written yet: TODO [\d.]+ in \w+ \(.+\)\n$/, 'checkers/course/lesson.test.ts'],
  ['cba\nfed\n', 'scripts/try.test.ts'],
  ['connect: Connection refused\nThe client ended', 'scripts/try.test.ts'],
  ['The server ended the connection.\n', 'scripts/try.test.ts'],
  ['client   -- recv -->  connection socket', 'a drawing'],
];
const here = [
  '|abc\\ndef\\ngh',
  '|gh..',
  'bind: Address already in use\n',
  'accept(19',
  '     ms terminal',
  '3000 up open=0',
  '3000 up open=2',
  '  Cause       no program has the port',
];

function isLookedAt({ text }: Excerpt): boolean {
  const known = elsewhere.map(([beginning]) => beginning);
  return [...known, ...here].some((one) => (typeof one === 'string' ? text.startsWith(one) : one.test(text)));
}

it('each excerpt has a test', () => {
  expect(all.filter((one) => !isLookedAt(one))).toEqual([]);
  expect(
    elsewhere.filter(
      ([one]) => !all.some(({ text }) => (typeof one === 'string' ? text.startsWith(one) : one.test(text))),
    ),
  ).toEqual([]);
});

describe('the buffer of stage 1', () => {
  const [before = '', ...marks] = excerpt('stage-1-tcp-server', '|abc').trimEnd().split('\n');
  const after = excerpt('stage-1-tcp-server', '|gh').trimEnd();
  const held = (row: string): string => (/^\|(.*?)\.*\|/.exec(row)?.[1] ?? '').replaceAll('\\n', '\n');
  const said = (row: string): number => Number(/bufferedN is (\d+)$/.exec(row)?.[1]);

  it('holds the stated number of bytes, and at the end the partial line', () => {
    expect(held(before)).toHaveLength(said(before));
    expect(held(after)).toHaveLength(said(after));
    expect(held(after)).toBe(held(before).split('\n').at(-1));
  });

  it('has a mark below each line', () => {
    const marked = marks.map((mark) => {
      const [carets = ''] = /\^+/.exec(mark) ?? [];
      return before.slice(mark.indexOf('^'), mark.indexOf('^') + carets.length).replaceAll('\\n', '\n');
    });
    expect(marked).toEqual(held(before).split(/(?<=\n)/));
  });
});

/** Starts a program of the workshop. What it prints is in `printed`, standard error and standard output together. */
function start(argv: string[], env: NodeJS.ProcessEnv): { child: ChildProcess; printed: () => string } {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { cwd: workshop, env: { ...process.env, ...env }, detached: true });
  started.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more) => (text += more));
  return { child, printed: () => text };
}

/** Ends a program and its children. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
}

/** Waits for a condition; the test's timeout ends a vain wait. */
async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await happened())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function program(path: string): string[] {
  return [process.execPath, '--import', 'tsx', path];
}

/** Connects, as soon as a server listens. */
async function connected(port: number): Promise<Socket> {
  while (true) {
    const socket = connect(port, '127.0.0.1');
    const there = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (there) return socket.on('error', () => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Sends a line and waits for its answer. */
function ask(socket: Socket, line: string): Promise<string> {
  socket.write(line);
  return new Promise((resolve) => socket.once('data', (bytes) => resolve(String(bytes))));
}

/** All bytes that a peer sends before it ends the connection. */
async function read(port: number): Promise<string> {
  const socket = await connected(port);
  let text = '';
  socket.setEncoding('utf8').on('data', (more) => (text += more));
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Replaces the learner's program by a buggy one. */
function putMutant(id: string, path: string): void {
  const mutant = mutants.find((one) => one.id === id);
  if (mutant === undefined) throw new Error(`there is no mutant ${id}`);
  writeFileSync(join(workshop, path), mutantSource(mutant));
}

const server = 'stages/stage-1-tcp-server/server.ts';

describe.runIf(onLinux)('the experiments of stage 1', () => {
  it.runIf(tools.ss)('a port in TIME_WAIT, where ss is installed to show it', async () => {
    putMutant('server-no-reuseaddr', server);
    const port = await freePort();
    const first = start(program(server), { PORT: String(port) });
    const client = await connected(port);
    await ask(client, 'abc\n');
    await ended(first.child);
    const second = start(program(server), { PORT: String(port) });
    await new Promise((resolve) => second.child.once('close', resolve));
    expect(second.printed()).toBe(excerpt('stage-1-tcp-server', 'bind: '));
    const states = async (): Promise<string> => {
      const { stdout } = await run(['ss', '-tan', `sport = :${port}`], workshop);
      return [...stdout.matchAll(/^(FIN-WAIT-2|TIME-WAIT|ESTAB)/gm)].map(([state]) => state).join();
    };
    await until(async () => ['FIN-WAIT-2', 'TIME-WAIT'].includes(await states()));
    client.destroy();
    await until(async () => (await states()) === 'TIME-WAIT');
  });

  it.runIf(tools.strace)('traced calls, where strace is permitted', async () => {
    const command = commandsOf('docs/stage-1-tcp-server.md').find((text) => text.startsWith('strace ')) ?? '';
    const port = await freePort();
    const traced = start(command.trim().split(' '), { PORT: String(port) });
    const client = await connected(port);
    for (const line of ['abc\n', 'def\n']) await ask(client, line);
    client.end();
    const shown = steady(excerpt('stage-1-tcp-server', 'accept('));
    const seen = (): string[] => steady(traced.printed()).map((line) => line.replace(/^\[pid #\] /, ''));
    await until(() => seen().includes(shown.at(-1) ?? ''));
    expect(seen().filter((line) => shown.includes(line))).toEqual(shown);
  });
});

it.runIf(onLinux)('the picture of a client of stage 2 is that of a failed check', async () => {
  putMutant('client-hides-the-end', 'stages/stage-2-tcp-client/client.ts');
  const words = ['milestone', '2.2', 'only', 'server-leaves'];
  const { stdout } = await run([process.execPath, 'scripts/start.mjs', ...words], workshop);
  const [head = '', ...shown] = steady(excerpt('stage-2-tcp-client', '     ms'));
  const report = steady(stdout).map((line) => line.replace(/^Picture | <-- here$/g, ''));
  expect(report).toContain(head);
  // A program's output arrives a moment later, possibly after other events.
  expect(inOrder(report, shown)).toEqual(shown);
});

/** The first of these lines that stand in a text in this order, with others between them. */
function inOrder(text: string[], lines: string[]): string[] {
  let from = 0;
  const missing = lines.findIndex((line) => {
    from = text.indexOf(line, from) + 1;
    return from === 0;
  });
  return missing === -1 ? lines : lines.slice(0, missing);
}

/** Runs a block of commands that a page shows, at a port of our own. */
async function typed(page: string, part: string, port: number): Promise<string> {
  const block = commandsOf(`docs/${page}.md`).filter((text) => text.includes(part));
  expect(block).toHaveLength(1);
  const { stdout, stderr } = await run(['bash', '-c', block[0]?.replaceAll('8080', String(port)) ?? ''], workshop, {
    PORT: String(port),
  });
  return stdout + stderr;
}

describe.runIf(onLinux)('commands of a page', () => {
  /** A server of lines, ready. */
  async function serverOf(path: string): Promise<number> {
    const port = await freePort();
    start(program(path), { PORT: String(port) });
    (await connected(port)).destroy();
    return port;
  }

  it('end with the documented exit code', async () => {
    const port = await serverOf('solutions/stage-1-tcp-server/server.ts');
    expect(await typed('stage-2-tcp-client', '/dev/null; echo $?', port)).toMatch(/^0$/m);
    expect(await typed('stage-2-tcp-client', '/dev/null; echo $?', await freePort())).toMatch(/^1$/m);
  });

  it('send a file instead of typed lines', async () => {
    // Long enough that head exits before the last answer, even if it is slow.
    writeFileSync(join(workshop, 'README.md'), readFileSync(join(root, 'README.md'), 'utf8').repeat(40));
    const port = await serverOf('solutions/stage-1-tcp-server/server.ts');
    const output = await typed('stage-2-tcp-client', 'head -3', port);
    const [title = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n');
    expect(output).toContain(`${[...title].reverse().join('')}\n`);
    expect(output).toContain('write: Broken pipe\n');
  });

  it('reverse a file twice, and send a line in two halves', async () => {
    copyFileSync(join(root, 'README.md'), join(workshop, 'README.md'));
    const port = await serverOf('solutions/stage-3-epoll/server.ts');
    expect(await typed('stage-3-epoll', 'echo same', port)).toMatch(/^same$/m);
    const [first = '', second = ''] = ['exec 4<>', 'lo\\n'].map((part) =>
      commandsOf('docs/stage-3-epoll.md').find((text) => text.includes(part)),
    );
    const { stdout } = await run(['bash', '-c', `${first}${second}`.replaceAll('8080', String(port))], workshop);
    expect(stdout).toBe('olleh\n');
  });

  it.runIf(tools.curl && tools.python3)('show that a file has come through unchanged, with curl', async () => {
    const [port, upstream] = [await freePort(), await freePort()];
    start(['python3', '-m', 'http.server', '--directory', 'assets/www', String(upstream)], {});
    (await connected(upstream)).destroy();
    start(program('solutions/stage-4-tcp-proxy/proxy.ts'), { PORT: String(port), UPSTREAM_PORT: String(upstream) });
    (await connected(port)).destroy();
    const block = commandsOf('docs/stage-4-tcp-proxy.md').find((text) => text.includes('sha256sum')) ?? '';
    const here = block.replaceAll('3000', String(upstream)).replaceAll('8080', String(port));
    const { stdout } = await run(['bash', '-c', here], workshop);
    const [direct, through, ...rest] = stdout.trim().split('\n');
    expect({ through, rest }).toEqual({ through: direct, rest: [] });
    expect(through).not.toContain(createHash('sha256').update('').digest('hex'));
  });
});

describe.runIf(onLinux)('the status line of stage 8', () => {
  const upstreams = (ports: number[], line: string): string => {
    let text = line;
    for (const [index, port] of ports.entries()) text = text.replace(String(3000 + index), String(port));
    return text;
  };

  it.runIf(tools.python3)('counts twenty requests', async () => {
    const [port, status, ...ports] = await Promise.all(Array.from({ length: 5 }, freePort));
    for (const one of ports) start(['python3', '-m', 'http.server', String(one)], {});
    for (const one of ports) (await connected(one)).destroy();
    start(program('solutions/stage-8-upstreams/proxy.ts'), {
      PORT: String(port),
      STATUS_PORT: String(status),
      UPSTREAM_PORTS: ports.join(','),
    });
    await read(Number(status));
    for (let request = 0; request < 20; request += 1) {
      const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
      // A connection with an unread answer may stay open.
      await answer.arrayBuffer();
    }
    const shown = upstreams(ports, excerpt('stage-8-upstreams', '3000 up open=0'));
    await until(async () => (await read(Number(status))) === shown);
    expect(await read(Number(status))).toBe(shown);
  });

  it('has the documented form', () => {
    const form = /^\d+ (up|down) open=\d+ total=\d+ failed=\d+(; \d+ (up|down) open=\d+ total=\d+ failed=\d+)*\n$/;
    for (const beginning of ['3000 up open=0', '3000 up open=2']) {
      expect(excerpt('stage-8-upstreams', beginning)).toMatch(form);
    }
  });
});

it.runIf(tools.strace && tools.python3)(
  'a program without SO_REUSEADDR, in another language, where strace is permitted',
  async () => {
    const source = readFileSync(join(root, 'docs', 'examples', 'proxy.py'), 'utf8');
    const wrong = source.replace(
      'with socket.create_server(("", PORT), backlog=128) as server:\n',
      'with socket.socket() as server:\n    server.bind(("", PORT))\n    server.listen(128)\n',
    );
    expect(wrong).not.toBe(source);
    writeFileSync(join(workshop, 'wrong.py'), wrong);
    const words = ['milestone', '4.1', 'only', 'restart', '--command', 'python3 wrong.py'];
    const { stdout } = await run([process.execPath, 'scripts/start.mjs', ...words], workshop);
    const shown = steady(excerpt('use-another-language', '  Cause'));
    const report = steady(stdout);
    expect(report.filter((line) => shown.includes(line))).toEqual(shown);
  },
);
