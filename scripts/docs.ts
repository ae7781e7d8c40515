/** npm run docs: serves the site, built first where that is due. npm run docs:build and docs:sync are its other words. */
import { fromRoot, root } from '../checkers/root.ts';
import { readWords, WordsError } from './command-line.ts';
import { buildSite, serverCommand, siteFolder, siteIsFresh } from './docs/site.ts';
import { syncPages } from './docs/sync.ts';
import { runInForeground } from './foreground.ts';
import { freePort } from './ports.ts';
import { reportErrors } from './report-errors.ts';

const PLACE = 4000;

export function main(typed: string[]): Promise<number> {
  return reportErrors(async () => {
    const { switches, options } = readWords(typed, {
      switches: ['build', 'sync'],
      options: ['base', 'port'],
      plain: 0,
    });
    if (switches.has('sync')) return sync();
    if (switches.has('build')) return build(baseOf(options.get('base') ?? process.env.DOCS_BASE ?? '/'));
    if (options.has('base')) throw new WordsError("'base' is for building. Type: npm run docs:build base /course/");
    return serve(await freePort('port', options.get('port'), PLACE));
  });
}

/** A path on a server, with a slash at both ends. */
function baseOf(text: string): string {
  if (/^\/?[\w.~-]+(\/[\w.~-]+)*\/?$|^\/$/.test(text)) return `/${text}/`.replaceAll(/\/+/g, '/');
  throw new WordsError(
    `'${text}' is not a path to put the site at. Type, for example: npm run docs:build base /course/`,
  );
}

async function sync(): Promise<number> {
  const written = await syncPages();
  const lines = written.map((page) => `Rewritten: ${page}`);
  process.stdout.write(`${lines.length > 0 ? lines.join('\n') : 'Every page is up to date.'}\n`);
  return 0;
}

async function build(base: string): Promise<number> {
  // VitePress treats them as parts of a URL or of a pattern.
  const [sign] = /[#?%[\]{}*]/.exec(root) ?? [];
  if (sign !== undefined)
    throw new WordsError(
      `The site cannot be built in a folder with '${sign}' in its path: ${root}. Rename the folder, or read docs/README.md.`,
    );
  process.stdout.write('Building the site. This takes a few seconds.\n');
  const failure = await buildSite(base);
  if (failure !== undefined) {
    process.stderr.write(`${failure}\nThe site could not be built: the lines above say why.\n`);
    return 2;
  }
  process.stdout.write(`The site is in ${fromRoot(siteFolder)}, made to be served at ${base}\n`);
  return 0;
}

async function serve(port: number): Promise<number> {
  if (!siteIsFresh('/')) {
    const code = await build('/');
    if (code !== 0) return code;
  }
  process.stdout.write(`The course is at http://localhost:${port} and Ctrl-C stops it.\n`);
  const code = await runInForeground(serverCommand(siteFolder, port), {});
  if (code !== 0) process.stderr.write(`The server of the site ended with exit code ${code}.\n`);
  return code === 0 ? 0 : 2;
}
