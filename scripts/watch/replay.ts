/** Makes and opens the replay of a milestone in the background, by `npm run milestone N open`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../checkers/root.ts';

/** The last line of output with the replay's path; if it is missing, this many last lines describe the error. */
const WHERE = /^Replay: .*$/m;
const LAST_LINES = 3;

export class Replay {
  #child: ChildProcess | undefined;

  /**
   * Makes and opens it.
   *
   * @param ended told where it is, or what went wrong
   * @returns false when one is being made already
   */
  open(milestone: string, ended: (text: string) => void): boolean {
    if (this.#child !== undefined) return false;
    const script = join(root, 'scripts', 'start.mjs');
    const words = [script, 'milestone', milestone, 'open'];
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let printed = '';
    const hear = (text: string): void => {
      printed += text;
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    const gone = (): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      const lines = printed.split('\n').filter((line) => line.trim() !== '');
      ended(WHERE.exec(printed)?.[0] ?? lines.slice(-LAST_LINES).join('\n'));
    };
    // Not 'close': a browser that it started may keep its output open.
    child.once('exit', gone).once('error', gone);
    return true;
  }

  close(): void {
    this.#child?.kill();
    this.#child = undefined;
  }
}
