import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../harness/check.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const fromFile: Check = {
  id: 'from-file',
  title: 'The standard input may be a file: its lines are sent, and the answers printed',
  todos: ['2.1.2'],
  doc: 'readline',
  hint: [
    'The standard input may be a terminal, a pipe or a file. Which call takes bytes from all of them?',
    'recv and send are for sockets alone. read and write take any descriptor. With a file nothing ever waits, and its end comes right behind its last line.',
    ['  // input and output: read and write', '  // the server: recv and send'].join('\n'),
  ],
  needs: ['line'],
  async run(harness) {
    const lines = ['one', 'two', 'three'].map((label) => lineOf(harness, label));
    harness.step(`let its standard input be a file of ${lines.length} lines`);
    const file = fileWith(Buffer.concat(lines));
    const conversation = await startConnected(harness, file).finally(() => closeSync(file));
    await serve(conversation.peer, ...lines);
    await expectPrinted(conversation.terminal, ...lines);
    await expectGoodbye(harness, conversation);
  },
};

/** The descriptor of an unlinked file, which disappears when it is closed. */
function fileWith(bytes: Buffer): number {
  const folder = mkdtempSync(join(tmpdir(), 'tcp-client-'));
  try {
    writeFileSync(join(folder, 'lines'), bytes);
    return openSync(join(folder, 'lines'), 'r');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
