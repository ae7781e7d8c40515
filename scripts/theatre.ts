/** npm run theatre [solution]: runs a proxy, and shows live on a page what it does. */
import { currentProxyStage } from '../checkers/progress/progress.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { openTheatre } from '../checkers/theatre/theatre.ts';
import { openInBrowser } from './browser.ts';
import { readWords } from './command-line.ts';
import { runInForeground } from './foreground.ts';
import { portOf } from './ports.ts';
import { readProgram, type Whose } from './program.ts';
import { reportErrors } from './report-errors.ts';

export function main(typed: string[]): Promise<number> {
  return reportErrors(() => {
    const { switches } = readWords(typed, { switches: ['solution'], options: [], plain: 0 });
    return perform(switches.has('solution') ? 'solution' : 'learner');
  });
}

async function perform(whose: Whose): Promise<number> {
  const stage = currentProxyStage();
  if (stage === undefined) return 2;
  const { path } = readProgram(stage, whose);
  const ports = { proxy: portOf('PORT'), upstream: portOf('UPSTREAM_PORT') };
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
