/** npm run try [N] [solution]: runs the program of stage N (else of the current one), the learner's or ours, to play with. */
import { join } from 'node:path';
import type { Role } from '../checkers/check.ts';
import { course, findStage, programPath, type Stage } from '../checkers/course/course.ts';
import { currentStage } from '../checkers/course/progress.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { runInForeground } from './foreground.ts';
import { readWords, WordsError } from './words.ts';

const vocabulary = {
  switches: ['solution'],
  options: [],
  plain: 1,
  isPlain: (word: string) => /^\d+$/.test(word),
};

export async function main(typed: string[]): Promise<number> {
  try {
    const { plain, switches } = readWords(typed, vocabulary);
    return await run(stageMeant(plain[0]), switches.has('solution') ? 'solutions' : 'stages');
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function stageMeant(word: string | undefined): Stage {
  const stage = findStage(word === undefined ? currentStage() : Number(word));
  if (stage !== undefined) return stage;
  const numbers = course.map(({ number }) => number).join(', ');
  throw new WordsError(`There is no stage ${word}. There is: ${numbers}. Type: npm run try ${course[0]?.number}`);
}

/** What one does with it. On the standard error: the standard output belongs to the program. */
const advice: Record<Role, (port: string, upstreamPort: string) => string> = {
  server: (port) => `It listens on port ${port}. Talk to it from another terminal: npm run try 2 solution`,
  client: (port) => `It connects to port ${port}, where "npm run try 1 solution" may listen. Type lines, then Ctrl-D`,
  proxy: (port, upstream) => `Browse http://localhost:${port} while "npm run upstream" serves port ${upstream}`,
};

async function run(stage: Stage, whose: 'stages' | 'solutions'): Promise<number> {
  const path = programPath(stage, whose);
  const [port, upstreamPort] = [process.env.PORT ?? '8080', process.env.UPSTREAM_PORT ?? '3000'];
  const stop = 'Ctrl-C stops it.';
  process.stderr.write(`Running ${fromRoot(path)}. ${advice[stage.role](port, upstreamPort)}. ${stop}\n`);
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const code = await runInForeground([process.execPath, '--import', tsx, path], {});
  if (code !== 0) process.stderr.write(`The ${stage.role} ended with exit code ${code}.\n`);
  return code;
}
