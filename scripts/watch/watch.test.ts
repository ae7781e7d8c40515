/** The watcher in a real terminal, which script(1) provides, and without one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { findOnPath } from '../../checkers/harness/python.ts';
import { processIds } from '../../checkers/kernel/process-tree.ts';
import { root } from '../../checkers/root.ts';
import { copyWorkshop } from '../fixtures.ts';
import { wishOf } from './keys.ts';

const workshop = copyWorkshop();
const program = join(workshop, 'stages', 'stage-4-tcp-proxy', 'proxy.ts');
const command = `"${process.execPath}" scripts/start.mjs watch 1`;
/** Long, since the machine may be busy; normally a fraction is enough. */
const PATIENCE_MS = 30_000;

/** Puts our solution, or the skeleton, where the learner's program is, as an editor does that saves by renaming. */
function save(whose: 'solutions' | 'stages'): void {
  copyFileSync(join(root, whose, 'stage-4-tcp-proxy', 'proxy.ts'), `${program}.new`);
  renameSync(`${program}.new`, program);
}

/** An interactive program, whose output is read incrementally. */
class Conversation {
  readonly ended: Promise<number | null>;
  readonly child: ChildProcess;
  #unread = '';

  constructor(argv: string[]) {
    const [file = '', ...args] = argv;
    const { INIT_CWD, NO_COLOR, FORCE_COLOR, ...env } = process.env;
    this.child = spawn(file, args, { cwd: workshop, env: { ...env, TERM: 'xterm' }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text) => {
      this.#unread += text;
    });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => resolve(code)));
  }

  /** Waits until this is printed, and returns what came before it. */
  async until(text: string): Promise<string> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const at = this.#unread.indexOf(text);
      if (at !== -1) {
        const before = this.#unread.slice(0, at);
        this.#unread = this.#unread.slice(at + text.length);
        return before;
      }
      if (performance.now() > deadline) throw new Error(`'${text}' did not come after: ${this.#unread.slice(-500)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  type(keys: string): void {
    this.child.stdin?.write(keys);
  }
}

/** Waits until no process of this copy of the workshop is left. */
async function expectNothingLeft(): Promise<void> {
  const deadline = performance.now() + 5000;
  while (processesOfWorkshop().length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(processesOfWorkshop()).toEqual([]);
}

/** Their command lines. */
function processesOfWorkshop(): string[] {
  const lines = processIds().map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
  return lines.filter((line) => line.includes(workshop));
}

const conversations: Conversation[] = [];
function talkTo(argv: string[]): Conversation {
  const conversation = new Conversation(argv);
  conversations.push(conversation);
  return conversation;
}
afterEach(() => {
  for (const { child } of conversations.splice(0)) child.kill('SIGKILL');
});

const terminal = findOnPath('script') !== undefined && existsSync('/proc/self/stat');

describe.skipIf(!terminal)('npm run watch at a terminal (needs script(1) and /proc)', () => {
  /** The terminal tells its mode when the watcher is gone. */
  const inTerminal = ['script', '-qec', `stty cols 80; ${command}; echo "left with $?"; stty -a`, '/dev/null'];

  it('runs when a file is saved, obeys single keys, and leaves the terminal as it was', async () => {
    save('stages');
    const watch = talkTo(inTerminal);
    await watch.until('Milestone 1');
    const report = stripVTControlCharacters(await watch.until('0 of 5 checks passed'));
    expect(report).toMatch(/Hint +press h\s/);
    expect(report).toMatch(/Again +press f: only this check/);
    expect(report).not.toContain('npm run');
    await watch.until('q quit');

    watch.type('h');
    await watch.until('Hint 1 of 3 for TODO 4.1.1');
    await watch.until('press h again');
    watch.type('f');
    expect(stripVTControlCharacters(await watch.until('0 of 1 checks passed'))).toMatch(/Again +press r: /);
    watch.type('f');
    await watch.until('0 of 5 checks passed');

    save('solutions');
    await watch.until('\u001b[2J');
    await watch.until('5 of 5 checks passed');
    const next = (await watch.until('q quit')).replace(/\s+/g, ' ');
    expect(next).toContain('Next: milestone 4.2, ');
    expect(next).toContain('then press n.');
    expect(next).not.toContain('npm run');
    watch.type('h');
    await watch.until('Milestone 4.1 is green');
    await watch.until('press n');
    // An arrow key is not a command key, although its sequence ends with a letter.
    watch.type('\u001b[C\u001bOQ');
    watch.type('n');
    await watch.until('Milestone 2');
    await watch.until('checks done');
    watch.type('q');
    const last = await watch.until('left with 0');
    expect(last).not.toContain('checks passed');
    expect(await watch.until('echoe')).toMatch(/[^-]icanon.*[^-]echo /s);
    expect(await watch.ended).toBe(0);
    await expectNothingLeft();
  });

  /** So soon after a save a run should begin, in ms. */
  const SOON_MS = 300;
  const SAVES = 5;

  it('a run begins at once after a save', async () => {
    save('stages');
    const watch = talkTo(inTerminal);
    await watch.until('o replay');
    const delays: number[] = [];
    for (let time = 0; time < SAVES; time += 1) {
      const saved = performance.now();
      writeFileSync(program, `${readFileSync(program, 'utf8')}\n// ${time}\n`);
      await watch.until('\u001b[2J');
      delays.push(performance.now() - saved);
      await watch.until('o replay');
    }
    watch.type('q');
    await watch.until('left with 0');
    // The others may have been late because the machine was busy.
    expect(Math.min(...delays)).toBeLessThan(SOON_MS);
  });

  it('a save during a run starts again; Ctrl-C ends it in the middle', async () => {
    save('solutions');
    const watch = talkTo(inTerminal);
    await watch.until('0 of 5 checks done');
    writeFileSync(program, `${readFileSync(program, 'utf8')}\n// changed\n`);
    const before = await watch.until('\u001b[2J');
    expect(before).not.toContain('checks passed');
    await watch.until('checks done');
    watch.type('\u0003');
    await watch.until('left with 0');
    expect(await watch.ended).toBe(0);
    await expectNothingLeft();
  });
});

describe('npm run watch without a terminal', () => {
  it.runIf(process.platform === 'linux')('prints plain lines, takes no keys, and ends on SIGTERM', async () => {
    save('stages');
    const watch = talkTo([process.execPath, join(workshop, 'scripts', 'start.mjs'), 'watch', '1']);
    const first = await watch.until('0 of 5 checks passed');
    expect(first).toMatch(/Hint +npm run hint\n/);
    watch.type('q');
    save('solutions');
    const second = await watch.until('5 of 5 checks passed');
    for (const text of [first, second]) {
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\r');
      expect(text).not.toContain('q quit');
    }
    watch.child.kill('SIGTERM');
    expect(await watch.ended).toBe(0);
  });
});

describe('keys', () => {
  it.each([
    [{ name: 'r' }, 'again'],
    [{ name: 'r', shift: true }, 'again'],
    [{ name: 'n' }, 'next'],
    [{ name: 'h' }, 'hint'],
    [{ name: 'f' }, 'filter'],
    [{ name: 'o' }, 'open'],
    [{ name: 'q' }, 'quit'],
    [{ name: 'c', ctrl: true }, 'quit'],
    [{ name: 'd', ctrl: true }, 'quit'],
    [{ name: 'c' }, undefined],
    [{ name: 'r', ctrl: true }, undefined],
    [{ name: 'q', meta: true }, undefined],
    [{ name: 'up' }, undefined],
    [{}, undefined],
  ])('%j asks for %s', (key, wish) => {
    expect(wishOf(key)).toBe(wish);
  });
});
