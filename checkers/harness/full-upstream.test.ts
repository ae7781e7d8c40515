/** An upstream that answers no handshake, and a program that has exited meanwhile. */
import { describe, expect, it } from 'vitest';
import { takePortBlock } from '../kernel/ports.ts';
import { FullUpstream } from './full-upstream.ts';
import { Timeline } from './timeline.ts';
import { Waiting } from './waiting.ts';

describe.runIf(process.platform === 'linux')('waiting for a connection', () => {
  async function start(): Promise<{ upstream: FullUpstream; waiting: Waiting; release(): void }> {
    const block = await takePortBlock();
    const waiting = new Waiting();
    const upstream = await FullUpstream.start(block.take(), { timeline: new Timeline(), waiting }, () => 'upstream 1');
    return { upstream, waiting, release: () => block.release() };
  }

  it('ends when the program has exited, and does not block other work', async () => {
    const { upstream, waiting, release } = await start();
    waiting.stopped = true;
    await expect(upstream.connection()).rejects.toMatchObject({ symptom: 'no-upstream-connection' });
    upstream.dispose();
    release();
  }, 2000);

  it('ends when the result is no longer needed', async () => {
    const { upstream, release } = await start();
    const connection = upstream.connection();
    upstream.dispose();
    await expect(connection).rejects.toMatchObject({ symptom: 'no-upstream-connection' });
    release();
  }, 2000);
});
