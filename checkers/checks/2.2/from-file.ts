import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { expectGoodbye, expectPrinted, serve, startConnected } from '../asking/client.ts';
import { lineOf } from '../line.ts';

export const fromFile: Check = {
  id: 'from-file',
  title: text.checks.stage2.fromFileTitle,
  todos: ['2.1.2'],
  doc: 'readline',
  needs: ['line'],
  async run(lab) {
    const lines = ['one', 'two', 'three'].map((label) => lineOf(lab, label));
    lab.step(text.checks.stage2.letStandardInputBe(lines.length));
    const file = fileWith(Buffer.concat(lines));
    const conversation = await startConnected(lab, file).finally(() => closeSync(file));
    await serve(conversation.peer, ...lines);
    await expectPrinted(conversation.terminal, ...lines);
    await expectGoodbye(lab, conversation);
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
