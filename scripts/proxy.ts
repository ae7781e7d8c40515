/** npm run proxy [solution]: runs the learner's proxy, or ours, on port 8080. */
import { join } from 'node:path';
import { programPath } from '../checkers/course/course.ts';
import { currentProxyStage } from '../checkers/course/progress.ts';
import { text } from '../checkers/messages/index.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { runInForeground } from './foreground.ts';
import { readWords, WordsError } from './words.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    const { switches } = readWords(typed, { switches: ['solution'], options: [], plain: 0 });
    return await runProxy(switches.has('solution') ? 'solutions' : 'stages');
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

async function runProxy(whose: 'stages' | 'solutions'): Promise<number> {
  const stage = currentProxyStage();
  if (stage === undefined) return 2;
  const path = programPath(stage, whose);
  const port = process.env.PORT ?? '8080';
  const several = stage.upstreams === undefined ? undefined : process.env.UPSTREAM_PORTS;
  const upstreamPort = several ?? process.env.UPSTREAM_PORT ?? '3000';
  process.stdout.write(text.words.runningBrowseHttpLocalhost(fromRoot(path), port, upstreamPort));
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const code = await runInForeground([process.execPath, '--import', tsx, path], {});
  if (code !== 0) process.stderr.write(text.words.proxyEndedWithExit(code));
  return code;
}
