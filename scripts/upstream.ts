/** npm run upstream [3001]: serves assets/www on port 3000, or that one, with python3 -m http.server, as in the document. */
import { fileServerCommand, servedFolder } from '../checkers/harness/python.ts';
import { isFree } from '../checkers/kernel/ports.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { readWords, WordsError } from './command-line.ts';
import { runInForeground } from './foreground.ts';
import { portOf, portTyped } from './ports.ts';
import { reportErrors } from './report-errors.ts';

const vocabulary = {
  switches: [],
  options: [],
  plain: 1,
  plainName: 'a port such as 3001',
  isPlain: (word: string) => /^\d+$/.test(word),
};

export function main(typed: string[]): Promise<number> {
  return reportErrors(async () => {
    const { plain } = readWords(typed, vocabulary);
    const port = plain[0] === undefined ? portOf('UPSTREAM_PORT') : portTyped(plain[0]);
    if (!(await isFree(port)))
      throw new WordsError(
        `Port ${port} is taken by another program; npm run doctor says by which. To take another port: UPSTREAM_PORT=${port === 65_535 ? 3001 : port + 1} npm run upstream`,
      );
    return await serve(port);
  });
}

async function serve(port: number): Promise<number> {
  const { argv, python } = fileServerCommand(port, servedFolder);
  const server = python ? 'python3 -m http.server' : 'http-server (there is no python3 on this machine)';
  const head = `Serving ${fromRoot(servedFolder)} at http://localhost:${port} with ${server}. Ctrl-C stops it.`;
  process.stdout.write(`${wrap(head, width(process.stdout.columns)).join('\n')}\n`);
  const code = await runInForeground(argv, {});
  if (code !== 0) {
    process.stderr.write(`The file server ended with exit code ${code}. Is port ${port} taken by another program?\n`);
  }
  return code === 0 ? 0 : 2;
}
