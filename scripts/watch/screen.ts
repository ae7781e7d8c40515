/** Where the watcher writes: a terminal with a line of keys at its bottom, or plain lines. */
import chalk from 'chalk';
import type { State } from './state.ts';

export class Screen {
  /** whether there is a terminal that a person can press keys at */
  readonly keys: boolean;
  #empty = true;

  constructor(keys: boolean) {
    this.keys = keys;
  }

  get columns(): number | undefined {
    return process.stdout.columns;
  }

  /** An empty screen, or an empty line where there is none. */
  clear(): void {
    if (this.keys) process.stdout.write('\u001b[2J\u001b[H');
    else if (!this.#empty) process.stdout.write('\n');
  }

  /** Lines above the bottom one, which has to be written again after them. */
  print(lines: string[]): void {
    this.#empty = false;
    process.stdout.write(`${this.keys ? '\r\u001b[K' : ''}${lines.join('\n')}\n`);
  }

  /** The line at the bottom. It never wraps, or it could not be wiped out again. */
  bottom(text: string): void {
    if (!this.keys) return;
    // Some terminals say that they have 0 columns.
    const room = (this.columns || 80) - 1;
    const fitting = text.length <= room ? text : `${text.slice(0, room - 1)}…`;
    process.stdout.write(`\r\u001b[K${chalk.dim(fitting)}`);
  }

  /** Leaves the cursor below everything. */
  end(): void {
    if (this.keys) process.stdout.write('\r\u001b[K');
  }
}

/** The keys, while nothing runs. */
export function keysLine({ onlyFailed, failed }: State): string {
  const filter = onlyFailed ? 'f all checks' : failed === undefined ? '' : 'f only the failed';
  return ['r run again', 'n next milestone', 'h hint', filter, 'o replay', 'q quit'].filter(Boolean).join('   ');
}

/** How far a run is, which keys act at once, and what was asked for that comes when it is over. */
export function runningLine({ waiting }: State, { done, total }: { done: number; total: number }): string {
  const names: Record<string, string> = { hint: 'hint', open: 'replay', filter: 'only the failed check' };
  const later = waiting.flatMap((event) => (event.type === 'wish' ? (names[event.wish] ?? []) : []));
  const then = later.length === 0 ? '' : `, then: ${later.join(', ')}`;
  return `  ${done} of ${total} checks done${then}   r start again   n next milestone   q quit`;
}
