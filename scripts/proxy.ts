/** npm run proxy [solution]: runs the learner's proxy, or ours, on port 8080. */
import { currentProxyStage } from '../checkers/progress/progress.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { answering } from './answering.ts';
import { readWords } from './command-line.ts';
import { runInForeground } from './foreground.ts';
import { portOf } from './port-of.ts';
import { commandFor, readProgram, type Whose } from './program.ts';

export function main(typed: string[]): Promise<number> {
  return answering(() => {
    const { switches } = readWords(typed, { switches: ['solution'], options: [], plain: 0 });
    return runProxy(switches.has('solution') ? 'solution' : 'learner');
  });
}

async function runProxy(whose: Whose): Promise<number> {
  const stage = currentProxyStage();
  if (stage === undefined) return 2;
  const { path } = readProgram(stage, whose);
  const command = await commandFor(path);
  const several = stage.upstreams === undefined ? undefined : process.env.UPSTREAM_PORTS;
  const [port, upstreamPort] = [portOf('PORT'), several ?? portOf('UPSTREAM_PORT')];
  const head = `Running ${fromRoot(path)}. Browse http://localhost:${port} while "npm run upstream" serves port ${upstreamPort}. Ctrl-C stops it.`;
  process.stdout.write(`${wrap(head, width(process.stdout.columns)).join('\n')}\n`);
  const code = await runInForeground(command, {});
  if (code !== 0) process.stderr.write(`The proxy ended with exit code ${code}.\n`);
  return code;
}
