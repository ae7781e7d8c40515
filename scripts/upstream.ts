/** npm run upstream [3001]: serves assets/www on port 3000, or that one, with python3 -m http.server, as in the document. */
import { fileServerCommand, servedFolder } from '../checkers/lab/python.ts';
import { text } from '../checkers/messages/index.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { answering } from './answering.ts';
import { runInForeground } from './foreground.ts';
import { isFree } from './free-port.ts';
import { portOf } from './port-of.ts';
import { readWords, WordsError } from './words.ts';

const vocabulary = {
  switches: [],
  options: [],
  plain: 1,
  plainName: text.words.portSuchAs,
  isPlain: (word: string) => /^\d+$/.test(word),
};

export function main(typed: string[]): Promise<number> {
  return answering(async () => {
    const { plain } = readWords(typed, vocabulary);
    const port = plain[0] === undefined ? portOf('UPSTREAM_PORT') : portTyped(plain[0]);
    if (!(await isFree(port)))
      throw new WordsError(text.words.upstreamPortTaken(port, port === 65_535 ? 3001 : port + 1));
    return await serve(port);
  });
}

function portTyped(typed: string): number {
  const port = Number(typed);
  if (port >= 1 && port <= 65_535) return port;
  throw new WordsError(text.words.portIsNumberFrom(typed));
}

async function serve(port: number): Promise<number> {
  const { argv, python } = fileServerCommand(port, servedFolder);
  const server = python ? text.words.pythonServer : text.words.httpServerThereIs;
  const head = text.words.servingAtHttpLocalhost(fromRoot(servedFolder), port, server);
  process.stdout.write(`${wrap(head, width(process.stdout.columns)).join('\n')}\n`);
  const code = await runInForeground(argv, {});
  if (code !== 0) {
    process.stderr.write(text.words.fileServerEndedWith(code, port));
  }
  return code === 0 ? 0 : 2;
}
