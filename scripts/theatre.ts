/** npm run theatre [solution]: runs a proxy, and shows live on a page what it does. */
import { text as messages } from '../checkers/messages/index.ts';
import { currentProxyStage } from '../checkers/progress/progress.ts';
import { fromRoot, root } from '../checkers/root.ts';
import { openTheatre } from '../checkers/theatre/theatre.ts';
import { answering } from './answering.ts';
import { openInBrowser } from './browser.ts';
import { runInForeground } from './foreground.ts';
import { portOf } from './port-of.ts';
import { readProgram, type Whose } from './program.ts';
import { readWords } from './words.ts';

export function main(typed: string[]): Promise<number> {
  return answering(() => {
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
  const title = messages.words.atWork(fromRoot(path));
  const theatre = await openTheatre({ path, title, ports });
  const opened = openInBrowser(theatre.url);
  const lines = [
    messages.words.runningAtHttpLocalhost(fromRoot(path), ports.proxy),
    `  ${theatre.url}${opened ? messages.words.openingInYourBrowser : ''}`,
    theatre.upstream === undefined
      ? messages.words.upstreamIsWhatListens(ports.upstream)
      : messages.words.upstreamServesOnPort(theatre.upstream, ports.upstream),
    messages.words.ctrlCEndsEverything,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  const code = await runInForeground(theatre.argv, theatre.env);
  await theatre.end();
  if (code !== 0) process.stderr.write(messages.words.proxyEndedWithExit(code));
  return code;
}
