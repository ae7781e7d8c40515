/** npm run upstream: serves assets/www on port 3000 with python3 -m http.server, as in the document. */
import { fileServerCommand, servedFolder } from '../checkers/lab/python.ts';
import { text } from '../checkers/messages/index.ts';
import { width, wrap } from '../checkers/report/layout.ts';
import { fromRoot } from '../checkers/root.ts';
import { answering } from './answering.ts';
import { runInForeground } from './foreground.ts';
import { isFree } from './free-port.ts';
import { portOf } from './port-of.ts';
import { readWords, WordsError } from './words.ts';

export function main(typed: string[]): Promise<number> {
  return answering(async () => {
    readWords(typed, { switches: [], options: [], plain: 0 });
    const port = portOf('UPSTREAM_PORT');
    if (!(await isFree(port)))
      throw new WordsError(text.words.upstreamPortTaken(port, port === 65_535 ? 3001 : port + 1));
    return await serve(port);
  });
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
