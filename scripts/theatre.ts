/** npm run theatre [solution]: runs a proxy, and shows on a page what it does while somebody uses it. */
import { programPath } from '../checkers/course/course.ts';
import { currentProxyStage } from '../checkers/course/progress.ts';
import { BuildFailure } from '../checkers/lab/build.ts';
import { FIXED_PORTS } from '../checkers/lab/namespace.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { openTheatre } from '../checkers/theatre/theatre.ts';
import { openInBrowser } from './browser.ts';
import { runInForeground } from './foreground.ts';
import { readWords, WordsError } from './words.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    const { switches } = readWords(typed, { switches: ['solution'], options: [], plain: 0 });
    return await perform(switches.has('solution') ? 'solutions' : 'stages');
  } catch (error) {
    if (error instanceof BuildFailure) process.stderr.write(`${error.lines.join('\n')}\n`);
    else if (error instanceof WordsError) process.stderr.write(`${error.message}\n`);
    else throw error;
    return 2;
  }
}

async function perform(whose: 'stages' | 'solutions'): Promise<number> {
  const stage = currentProxyStage();
  if (stage === undefined) return 2;
  const path = programPath(stage, whose);
  const ports = { proxy: port('PORT', FIXED_PORTS.proxy), upstream: port('UPSTREAM_PORT', FIXED_PORTS.upstream) };
  // The trace names files as seen from here.
  process.chdir(root);
  const title = `${fromRoot(path)} at work`;
  const theatre = await openTheatre({ path, title, ports });
  const opened = openInBrowser(theatre.url);
  const lines = [
    `Running ${fromRoot(path)} at http://localhost:${ports.proxy}. Open that address, and watch here what happens:`,
    `  ${theatre.url}${opened ? ' (opening it in your browser)' : ''}`,
    theatre.upstream === undefined
      ? `The upstream is what listens on port ${ports.upstream} already.`
      : `The upstream serves ${theatre.upstream} on port ${ports.upstream}.`,
    'Ctrl-C ends everything.',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const code = await runInForeground(theatre.argv, theatre.env);
  await theatre.end();
  if (code !== 0) process.stderr.write(`The proxy ended with exit code ${code}.\n`);
  return code;
}

function port(variable: string, fallback: number): number {
  const text = process.env[variable];
  const number = Number(text ?? fallback);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new WordsError(`${variable} is a port, 1 to 65535; '${text}' is not.`);
}
