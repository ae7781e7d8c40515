/** npm run grade self-test [require LEVEL]: whether this machine's marks can be trusted, and how far submissions are shut away. */
import { selfTest } from '../../checkers/grade/hostile/self-test.ts';
import { levelRequired } from './order.ts';
import { readGradeWords } from './places.ts';
import { stopping } from './stopping.ts';

export async function proveMachine(typed: string[]): Promise<number> {
  const words = readGradeWords(typed, { switches: [], options: ['require'], plain: 0 });
  const required = levelRequired(words);
  const stop = stopping();
  const report = (line: string): void => {
    process.stdout.write(`${line}\n`);
  };
  try {
    const code = await selfTest(report, { signal: stop.signal, ...(required && { required }) });
    return stop.exitCode() ?? code;
  } catch (error) {
    // What was under way says that it was given up, and nobody needs to hear that.
    const code = stop.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    stop.done();
  }
}
