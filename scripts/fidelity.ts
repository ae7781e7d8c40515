/**
 * npm run fidelity [60] [seed 5]: makes random sequences of system calls on this machine's kernel and on the simulated one,
 * for a number of seconds, and compares every answer. Exit code 0: no difference, 1: one, in its shortest form, 2: could not run.
 */
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { INSIDE, ownNetwork } from '../linux/fidelity/namespace.ts';
import type { Found, Progress } from '../linux/fidelity/run.ts';
import { readWords, type Words, WordsError } from './command-line.ts';
import { reportErrors } from './report-errors.ts';

const vocabulary = {
  switches: [],
  options: ['seed'],
  plain: 1,
  plainName: 'a number of seconds such as 60',
  isPlain: (word: string) => /^\d+$/.test(word),
};

const DEFAULT_SECONDS = 60;
const LONGEST_SECONDS = 86_400;
/** Sequences between two looks at the clock. */
const BATCH = 50;
const SHOW_EVERY_MS = 1000;

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const words = readWords(typed, vocabulary);
    const [seconds, seed] = [secondsOf(words), seedOf(words)];
    if (process.platform !== 'linux')
      throw new WordsError('This compares with a real Linux, and the machine runs none.');
    const prefix = process.env[INSIDE] === undefined ? ownNetwork() : [];
    return prefix.length > 0 ? runInside(prefix) : compare(seconds, seed);
  });
}

function secondsOf({ plain }: Words): number {
  const seconds = Number(plain[0] ?? DEFAULT_SECONDS);
  if (seconds >= 1 && seconds <= LONGEST_SECONDS) return seconds;
  throw new WordsError(`A comparison takes 1 to ${LONGEST_SECONDS} seconds; '${plain[0]}' is not in between.`);
}

function seedOf({ options }: Words): number {
  const word = options.get('seed');
  if (word === undefined) return Date.now() % 1_000_000_000;
  if (/^\d{1,9}$/.test(word)) return Number(word);
  throw new WordsError(`'${word}' is not a seed: expected a whole number of at most nine digits, such as 5.`);
}

/** Runs this command again, in a network of its own. */
function runInside([command = '', ...args]: string[]): number {
  const again = [...args, process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync(command, again, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } });
  return status ?? 130;
}

async function compare(seconds: number, seed: number): Promise<number> {
  const { runFidelity } = await import('../linux/fidelity/run.ts');
  const progress: Progress = { sequences: 0, calls: 0, unrepeated: 0 };
  const end = performance.now() + seconds * 1000;
  let shown = performance.now();
  const goOn = (): boolean => {
    if (process.stderr.isTTY && performance.now() - shown > SHOW_EVERY_MS) {
      shown = performance.now();
      const left = Math.ceil((end - shown) / 1000);
      const line = `${count(progress.sequences)} sequences alike, ${left} s left`;
      process.stderr.write(`\r\u001b[K${line}`);
    }
    return performance.now() < end;
  };
  const found = runFidelity(seed, BATCH, progress, goOn);
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  process.stdout.write(`${report(progress, found, seed).join('\n')}\n`);
  return found === undefined ? 0 : 1;
}

function report(progress: Progress, found: Found | undefined, seed: number): string[] {
  const lines = [
    `Linux ${release()}, seed ${seed}: ${count(progress.sequences)} sequences of up to 40 calls (${count(progress.calls)} calls) alike.`,
  ];
  if (progress.unrepeated > 0) {
    lines.push(`${count(progress.unrepeated)} differences did not show again: another program was in the way.`);
  }
  if (found === undefined) return lines;
  return [
    ...lines,
    'The kernels differ after these calls:',
    ...found.calls.map((call) => `  ${call}`),
    found.difference,
  ];
}

function count(number: number): string {
  return number.toLocaleString('en');
}
