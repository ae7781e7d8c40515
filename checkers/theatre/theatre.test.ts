/** End-to-end tests of the theatre: a running proxy, a page that follows it, and cleanup at the end. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { takePortBlock } from '../kernel/ports.ts';
import { processIds } from '../kernel/process-tree.ts';
import { readListeners } from '../kernel/tcp-table.ts';
import { browserIsThere, TestBrowser, textOf } from '../report/replay/fixtures.ts';
import { root, workshopFolder } from '../root.ts';

interface Running {
  page: string;
  proxy: string;
  ports: number[];
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** Starts `npm run theatre solution` on free ports. */
async function startTheatre(): Promise<Running> {
  const block = await takePortBlock();
  const ports = [block.take(), block.take()];
  const env = { ...process.env, PORT: String(ports[0]), UPSTREAM_PORT: String(ports[1]), CI: '1' };
  const script = join(root, 'scripts', 'start.mjs');
  const child = spawn(process.execPath, [script, 'theatre', 'solution'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (printed += text));
  await expect.poll(() => printed, { timeout: 20_000 }).toMatch(/proxy: clients on port/);
  await expect.poll(() => listening(ports).length, { timeout: 20_000 }).toBe(2);
  return {
    page: /http:\/\/127\.0\.0\.1:\d+\//.exec(printed)?.[0] ?? '',
    proxy: `http://127.0.0.1:${ports[0]}/`,
    ports,
    stop: (signal) => {
      child.kill(signal);
      return ended.finally(() => block.release());
    },
  };
}

function listening(ports: number[]): number[] {
  const open = readListeners().map(({ localPort }) => localPort);
  return ports.filter((port) => open.includes(port));
}

/** The status of a request that names another host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe.runIf(process.platform === 'linux' && browserIsThere())('npm run theatre', () => {
  const browser = new TestBrowser();
  beforeAll(() => browser.start());
  afterAll(() => browser.stop());

  it('shows a request as it passes, and the past to latecomers', async () => {
    const theatre = await startTheatre();
    const { page, errors } = await browser.open(theatre.page);
    await expect.poll(() => textOf(page, 'sentence'), { timeout: 10_000 }).toMatch(/^The proxy waits in epoll_wait/);
    const response = await fetch(theatre.proxy);
    expect(response.status).toBe(200);
    await response.text();
    await expect.poll(() => textOf(page, 'picture'), { timeout: 10_000 }).toContain('client 1');
    await expect.poll(() => textOf(page, 'nearby'), { timeout: 20_000 }).toMatch(/close\(\d+\) = 0/);
    expect(await page.locator('#source .line.now').count()).toBe(1);

    const late = await browser.open(theatre.page);
    await expect.poll(() => textOf(late.page, 'count'), { timeout: 10_000 }).toMatch(/^Step \d\d+ of/);
    await late.page.keyboard.press('Home');
    expect(await textOf(late.page, 'sentence')).toBe('The program is started.');
    expect(await statusFor(theatre.page, 'evil.example')).toBe(403);

    await theatre.stop('SIGTERM');
    await expect.poll(() => textOf(page, 'verdict'), { timeout: 10_000 }).toContain('The proxy has ended.');
    // The end of the event stream is not an error.
    expect([...errors, ...late.errors].filter((error) => !error.endsWith('/events'))).toEqual([]);
    expect(listening(theatre.ports)).toEqual([]);
  });

  it('leaves nothing behind, even when it is killed', async () => {
    const theatre = await startTheatre();
    await theatre.stop('SIGKILL');
    await expect.poll(() => listening(theatre.ports), { timeout: 10_000 }).toEqual([]);
    // The next start removes its folder.
    const next = await startTheatre();
    const left = readdirSync(join(workshopFolder, 'theatre'));
    expect(left.filter((pid) => !processIds().includes(Number(pid)))).toEqual([]);
    await next.stop('SIGTERM');
  });
});
