/** npm run try [N] [solution]: runs the program of stage N (else of the current one), the learner's or ours, to play with. */
import type { Role } from '../checkers/contract/check.ts';
import type { Stage } from '../checkers/course/course.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { answering } from './answering.ts';
import { stageMeant, stageWord } from './choosing.ts';
import { readWords } from './command-line.ts';
import { runInForeground } from './foreground.ts';
import { portOf } from './port-of.ts';
import { commandFor, readProgram, type Whose } from './program.ts';

export function main(typed: string[]): Promise<number> {
  return answering(() => {
    const { plain, switches } = readWords(typed, { switches: ['solution'], options: [], ...stageWord });
    return run(stageMeant(plain[0], 'npm run try'), switches.has('solution') ? 'solution' : 'learner');
  });
}

/** Instructions, on standard error: standard output belongs to the program. */
const advice: Record<Role, (port: number, upstreamPort: number | string) => string> = {
  server: (port) => `It listens on port ${port}. Talk to it from another terminal: npm run try 2 solution`,
  client: (port) => `It connects to port ${port}, where "npm run try 1 solution" may listen. Type lines, then Ctrl-D`,
  proxy: (port, upstream) => `Browse http://localhost:${port} while "npm run upstream" serves port ${upstream}`,
};

async function run(stage: Stage, whose: Whose): Promise<number> {
  const { path } = readProgram(stage, whose);
  const command = await commandFor(path);
  const several = stage.upstreams === undefined ? undefined : process.env.UPSTREAM_PORTS;
  const [port, upstreamPort] = [portOf('PORT'), several ?? portOf('UPSTREAM_PORT')];
  const stop = 'Ctrl-C stops it.';
  const head = `Running ${fromRoot(path)}. ${advice[stage.role](port, upstreamPort)}. ${stop}`;
  process.stderr.write(`${wrap(head, width(process.stderr.columns)).join('\n')}\n`);
  const code = await runInForeground(command, {});
  if (code !== 0) process.stderr.write(`The ${stage.role} ended with exit code ${code}.\n`);
  return code;
}
