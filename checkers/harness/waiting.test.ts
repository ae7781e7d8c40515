import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Waiting } from './waiting.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How a wait has ended so far; undefined while it goes on. */
async function outcomeOf(promise: Promise<string>): Promise<string | undefined> {
  return Promise.race([promise, Promise.resolve(undefined)]);
}

describe('a wait', () => {
  it('is over at once when the condition holds already', async () => {
    expect(await new Waiting().until(() => true, 1000)).toBe('yes');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over at the change that makes the condition hold, and leaves no timer behind', async () => {
    const waiting = new Waiting();
    let count = 0;
    const waited = waiting.until(() => count === 2, 1000);
    count = 1;
    waiting.changed();
    expect(await outcomeOf(waited)).toBeUndefined();
    count = 2;
    waiting.changed();
    expect(await waited).toBe('yes');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives up after its time, not before', async () => {
    const waited = new Waiting().until(() => false, 1000);
    await vi.advanceTimersByTimeAsync(999);
    expect(await outcomeOf(waited)).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await waited).toBe('timeout');
  });

  it('is no timeout if the condition holds at the last look, even without a call of changed()', async () => {
    let holds = false;
    const waited = new Waiting().until(() => holds, 1000);
    holds = true;
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waited).toBe('yes');
  });

  it('is one of many: each looks at its own condition', async () => {
    const waiting = new Waiting();
    const holding = new Set<number>();
    const waits = [1, 2, 3].map((number) => waiting.until(() => holding.has(number), number * 100));
    holding.add(2);
    waiting.changed();
    await vi.advanceTimersByTimeAsync(300);
    expect(await Promise.all(waits)).toEqual(['timeout', 'yes', 'timeout']);
  });
});

describe('when the program has exited', () => {
  it('a wait is over, and a new one does not begin', async () => {
    const waiting = new Waiting();
    const waited = waiting.until(() => false, 1000);
    waiting.stopped = true;
    expect(await waited).toBe('stopped');
    expect(await waiting.until(() => false, 1000)).toBe('stopped');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('earlier events count', async () => {
    const waiting = new Waiting();
    let holds = false;
    const waited = waiting.until(() => holds, 1000);
    holds = true;
    waiting.stopped = true;
    expect(await waited).toBe('yes');
    expect(await waiting.until(() => true, 1000)).toBe('yes');
  });

  it('a wait for something that can still happen goes on', async () => {
    const waiting = new Waiting();
    const before = waiting.until(() => false, 1000, true);
    waiting.stopped = true;
    const after = waiting.until(() => false, 1000, true);
    expect(await outcomeOf(Promise.race([before, after]))).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await Promise.all([before, after])).toEqual(['timeout', 'timeout']);
  });

  it('and has been started again, waits are waits again', async () => {
    const waiting = new Waiting();
    waiting.stopped = true;
    waiting.stopped = false;
    const waited = waiting.until(() => false, 1000);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waited).toBe('timeout');
  });

  it('is not stopped by the late exit of the previous program', async () => {
    const waiting = new Waiting();
    const firstEnded = waiting.begin();
    const secondEnded = waiting.begin();
    const waited = waiting.until(() => false, 1000);
    firstEnded();
    expect(await outcomeOf(waited)).toBeUndefined();
    secondEnded();
    expect(await waited).toBe('stopped');
  });
});

describe('time in which this process was held up', () => {
  beforeEach(async () => {
    vi.useRealTimers();
    // Until the clock was looked at again, the last look may have been at one that was not real.
    await new Promise((resolve) => setTimeout(resolve, 120));
  });

  /** Keeps the processor, as a busy machine would. */
  function stall(ms: number): void {
    const end = performance.now() + ms;
    while (performance.now() < end);
  }

  it('extends the wait for something that a correct proxy does', async () => {
    const waiting = new Waiting();
    let came = false;
    const waited = waiting.soon(() => came, 50);
    setTimeout(() => {
      came = true;
      waiting.changed();
    }, 60);
    stall(500);
    expect(await waited).toBe('yes');
  });

  it('does not make a wait endless', async () => {
    const waited = new Waiting().soon(() => false, 50);
    stall(500);
    expect(await waited).toBe('timeout');
  });
});
