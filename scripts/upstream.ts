/** npm run upstream [3001]: serves assets/www on port 3000, or that one, with python3 -m http.server, as in the document. */
import { FIXED_PORTS } from '../checkers/lab/namespace.ts';
import { fileServerCommand, servedFolder } from '../checkers/lab/python.ts';
import { text } from '../checkers/messages/index.ts';
import { fromRoot } from '../checkers/root.ts';
import { runInForeground } from './foreground.ts';
import { readWords, WordsError } from './words.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    const { plain } = readWords(typed, vocabulary);
    return await serve(portMeant(plain[0]));
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

const vocabulary = {
  switches: [],
  options: [],
  plain: 1,
  plainName: text.words.portSuchAs,
  isPlain: (word: string) => /^\d+$/.test(word),
};

/** What was typed, else UPSTREAM_PORT, else the document's port. */
function portMeant(typed: string | undefined): number {
  const port = Number(typed ?? process.env.UPSTREAM_PORT ?? FIXED_PORTS.upstream);
  if (port >= 1 && port <= 65_535) return port;
  throw new WordsError(text.words.portIsNumberFrom(typed ?? process.env.UPSTREAM_PORT ?? ''));
}

async function serve(port: number): Promise<number> {
  const { argv, python } = fileServerCommand(port, servedFolder);
  const server = python ? text.words.pythonServer : text.words.httpServerThereIs;
  process.stdout.write(text.words.servingAtHttpLocalhost(fromRoot(servedFolder), port, server));
  const code = await runInForeground(argv, {});
  if (code !== 0) {
    process.stderr.write(text.words.fileServerEndedWith(code, port));
  }
  return code === 0 ? 0 : 2;
}
