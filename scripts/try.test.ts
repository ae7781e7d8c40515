/** Compares the output of `npm run try` with the lessons of stages 1 to 3. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { root } from '../checkers/root.ts';
import { copyWorkshop, freePort } from './fixtures.ts';

const workshop = copyWorkshop();
const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGTERM');
});

/** The blocks of text that a lesson shows in one of its sections. */
function shown(lesson: string, section: string): string[] {
  const page = readFileSync(join(root, 'docs', lesson), 'utf8');
  const text = page.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...text.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '');
}

interface Tried {
  child: ChildProcess;
  /** its standard output and standard error so far */
  printed: { stdout: string; stderr: string };
  ended: Promise<number | null>;
}

/** Runs `npm run try …` on a free port. */
function tryOut(words: string[], port: number): Tried {
  const child = spawn(process.execPath, [join(workshop, 'scripts', 'start.mjs'), 'try', ...words], {
    cwd: workshop,
    env: { ...process.env, PORT: String(port) },
  });
  started.push(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text) => (printed.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (printed.stderr += text));
  return { child, printed, ended: new Promise((resolve) => child.once('close', resolve)) };
}

/** Waits until a program has printed a text; the test's timeout ends a vain wait. */
async function until({ printed }: Tried, what: string): Promise<void> {
  while (!printed.stdout.includes(what)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function serverOf(stage: number): Promise<number> {
  const port = await freePort();
  await until(tryOut([String(stage), 'solution'], port), `server: clients on port ${port}`);
  return port;
}

describe.runIf(process.platform === 'linux')('npm run try', () => {
  it.each([1, 3])('answers the lines of the client, with the server of stage %i', async (stage) => {
    const { child, printed, ended } = tryOut(['2', 'solution'], await serverOf(stage));
    child.stdin?.end('abc\ndef\n');
    expect(await ended).toBe(0);
    expect(shown('stage-2-tcp-client.md', 'Goal')).toEqual([printed.stdout]);
  });

  it('reports a missing server', async () => {
    const { printed, ended } = tryOut(['2', 'solution'], await freePort());
    expect(await ended).toBe(1);
    const [message = ''] = shown('stage-2-tcp-client.md', 'Try it first');
    expect(message).not.toBe('');
    expect(printed.stderr.endsWith(message)).toBe(true);
  });

  it('reports a closed server when the next line is typed', async () => {
    const port = await freePort();
    const server = tryOut(['1', 'solution'], port);
    await until(server, 'server: clients');
    const client = tryOut(['2', 'solution'], port);
    client.child.stdin?.write('abc\n');
    await until(client, 'cba');
    server.child.kill('SIGTERM');
    await server.ended;
    client.child.stdin?.write('def\n');
    expect(await client.ended).toBe(1);
    const [message = ''] = shown('stage-2-tcp-client.md', 'Experiments');
    expect(message).toBe('The server ended the connection.\n');
    expect(client.printed.stderr).toContain(message);
  });

  it('answers a line that arrives in two halves, after another client that connects in between', async () => {
    const port = await serverOf(3);
    const first = connect(port, '127.0.0.1');
    const answer = new Promise<string>((resolve) => first.once('data', (bytes) => resolve(String(bytes))));
    first.write('hel');
    const second = tryOut(['2', 'solution'], port);
    second.child.stdin?.end('abc\n');
    expect(await second.ended).toBe(0);
    first.write('lo\n');
    expect(await answer).toBe('olleh\n');
    first.destroy();
  });
});
