/** npm run grade self-test [require LEVEL]: whether this machine's marks can be trusted, and how well submissions are isolated. */
import { selfTest } from '../../checkers/grade/hostile/self-test.ts';
import { readWords } from '../command-line.ts';
import { levelRequired } from './order.ts';
import { unlessStopped } from './stopping.ts';

export async function proveMachine(typed: string[]): Promise<number> {
  const words = readWords(typed, { switches: [], options: ['require'], plain: 0 });
  const required = levelRequired(words);
  const report = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  return await unlessStopped(async (signal) => {
    const code = await selfTest(report, { signal, ...(required && { required }) });
    signal.throwIfAborted();
    return code;
  });
}
