/** npm run upstream: serves assets/www on port 3000 with python3 -m http.server, as in the document. */
import { FIXED_PORTS } from '../checkers/lab/namespace.ts';
import { fileServerCommand, servedFolder } from '../checkers/lab/python.ts';
import { text } from '../checkers/messages/index.ts';
import { fromRoot } from '../checkers/root.ts';
import { runInForeground } from './foreground.ts';
import { readWords, WordsError } from './words.ts';

export async function main(typed: string[]): Promise<number> {
  try {
    readWords(typed, { switches: [], options: [], plain: 0 });
  } catch (error) {
    if (!(error instanceof WordsError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const port = Number(process.env.UPSTREAM_PORT ?? FIXED_PORTS.upstream);
  const { argv, python } = fileServerCommand(port, servedFolder);
  const server = python ? text.words.pythonServer : text.words.httpServerThereIs;
  process.stdout.write(text.words.servingAtHttpLocalhost(fromRoot(servedFolder), port, server));
  const code = await runInForeground(argv, {});
  if (code !== 0) {
    process.stderr.write(text.words.fileServerEndedWith(code, port));
  }
  return code === 0 ? 0 : 2;
}
