/** npm run try [N] [solution]: runs the program of stage N (else of the current one), the learner's or ours, to play with. */
import { join } from 'node:path';
import type { Role } from '../checkers/check.ts';
import { course, findStage, programPath, type Stage } from '../checkers/course/course.ts';
import { currentStage } from '../checkers/course/progress.ts';
import { text } from '../checkers/messages/index.ts';
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
  throw new WordsError(text.words.noStageToTry(word, numbers, course[0]?.number));
}

/** What one does with it. On the standard error: the standard output belongs to the program. */
const advice: Record<Role, (port: string, upstreamPort: string) => string> = {
  server: (port) => text.words.listensOnPortTalk(port),
  client: (port) => text.words.connectsToPortWhere(port),
  proxy: (port, upstream) => text.words.browseHttpLocalhostWhile(port, upstream),
};

async function run(stage: Stage, whose: 'stages' | 'solutions'): Promise<number> {
  const path = programPath(stage, whose);
  const port = process.env.PORT ?? '8080';
  const several = stage.upstreams === undefined ? undefined : process.env.UPSTREAM_PORTS;
  const upstreamPort = several ?? process.env.UPSTREAM_PORT ?? '3000';
  const stop = text.words.ctrlCStops;
  process.stderr.write(text.words.runningProgram(fromRoot(path), advice[stage.role](port, upstreamPort), stop));
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const code = await runInForeground([process.execPath, '--import', tsx, path], {});
  if (code !== 0) process.stderr.write(text.words.endedWithExitCode(stage.role, code));
  return code;
}
