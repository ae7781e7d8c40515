/** npm run grade self-test [require LEVEL]: whether this machine's marks can be trusted, and how far submissions are shut away. */
import { selfTest } from '../../checkers/grade/hostile/self-test.ts';
import { readWords } from '../words.ts';
import { levelRequired } from './order.ts';

export async function proveMachine(typed: string[]): Promise<number> {
  const words = readWords(typed, { switches: [], options: ['require'], plain: 0 });
  const required = levelRequired(words);
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort());
  process.once('SIGTERM', () => abort.abort());
  const report = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  return selfTest(report, { signal: abort.signal, ...(required && { required }) });
}
