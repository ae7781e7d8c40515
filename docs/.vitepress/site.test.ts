/**
 * The site in a real browser, built as for a sub-path of a server. WORKSHOP_SHOTS=<folder> keeps pictures of every page,
 * to be looked at.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserIsThere, TestBrowser } from '../../checkers/report/replay/fixtures.ts';
import { buildSite } from '../../scripts/docs/site.ts';
import { pages } from './sidebar.ts';

const BASE = '/course/';
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};
/** How long the site may take to be built where others are at work as well, in ms. */
const BUILD_MS = 600_000;
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };

const folder = mkdtempSync(join(tmpdir(), 'workshop-site-'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const browser = new TestBrowser();
let server: Server;
let origin: string;

/** The plainest of file servers: a file, or 404.html. */
function serve(): Promise<Server> {
  const plain = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url.split(/[?#]/)[0] ?? '').replace(BASE, '/');
    const file = join(folder, 'site', path.endsWith('/') ? `${path}index.html` : path);
    try {
      const body = readFileSync(file);
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/html' }).end(readFileSync(join(folder, 'site', '404.html')));
    }
  });
  return new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(plain)));
}

/** Where a page of docs/ is on the site. */
function urlOf(page: string): string {
  return `${origin}${BASE}${page
    .replace(/^docs\//, '')
    .replace(/README\.md$/, 'index.md')
    .replace(/\.md$/, '.html')}`;
}

/** Opens a page; everything that it asks for has to come from the site itself. */
async function open(
  url: string,
  options: Parameters<TestBrowser['open']>[1],
): Promise<{ page: Page; errors: string[] }> {
  const opened = await browser.open(url, options);
  const asked: string[] = await opened.page.evaluate(
    'performance.getEntriesByType("resource").map(({ name }) => name)',
  );
  opened.errors.push(...asked.filter((name) => !name.startsWith(origin) && !name.startsWith('data:')));
  return opened;
}

/** The page on which axe looks at every coloured word of the code, too: thousands on a page, and the same on all. */
const CODE_PAGE = 'docs/background/epoll.md';

/** Pages are made of the same parts; axe takes seconds for each, so unless asked to it looks at one of a kind. */
const THOROUGHLY = process.env.THOROUGH !== undefined;
const ONE_OF_A_KIND = [CODE_PAGE, 'README.md', 'stage-4-tcp-proxy.md', 'system-calls.md', 'teach.md', 'grade.md'];

function isLookedAt(name: string): boolean {
  return THOROUGHLY || ONE_OF_A_KIND.some((page) => name.endsWith(page));
}

/** What axe finds serious or critical. */
async function faults(page: Page, withCode: boolean): Promise<unknown> {
  await page.evaluate(axe);
  const context = withCode ? 'document' : "{ exclude: [['pre code']] }";
  return page.evaluate(`axe.run(${context}, { resultTypes: ['violations'] }).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, nodes.length, nodes[0].html, nodes[0].failureSummary]))`);
}

async function shot(page: Page, name: string): Promise<void> {
  const shots = process.env.WORKSHOP_SHOTS;
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name.replaceAll('/', '-')}.png`), fullPage: true });
}

describe.runIf(browserIsThere())('the site', () => {
  beforeAll(async () => {
    const [failure] = await Promise.all([buildSite(BASE, join(folder, 'site')), browser.start()]);
    expect(failure).toBeUndefined();
    server = await serve();
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }, BUILD_MS);
  afterAll(async () => {
    await browser.stop();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.concurrent.each([...pages(), 'docs/source/solutions/stage-4-tcp-proxy/proxy.ts.md'])(
    '%s loads, is wide enough and can be read by all',
    async (name) => {
      const { page, errors } = await open(urlOf(name), { viewport: DESKTOP });
      expect(await page.locator('.vp-doc h1').count()).toBe(1);
      if (isLookedAt(name)) expect(await faults(page, name === CODE_PAGE)).toEqual([]);
      await shot(page, `${name}-desktop`);
      await page.setViewportSize(PHONE);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
      await shot(page, `${name}-phone`);
      await page.close();
      expect(errors).toEqual([]);
    },
    120_000,
  );

  it('can be read by all in the dark, too', async () => {
    const { page } = await open(urlOf(CODE_PAGE), { viewport: PHONE, colorScheme: 'dark' });
    expect(await faults(page, true)).toEqual([]);
    await page.close();
  });

  it('shows TypeScript and C as tabs, with a button to copy', async () => {
    const { page } = await open(`${urlOf('docs/stage-4-tcp-proxy.md')}#sendall`, { viewport: DESKTOP });
    const group = page.locator('#sendall ~ .vp-code-group').first();
    expect(await group.locator('.language-c').isVisible()).toBe(false);
    await group.getByText('C', { exact: true }).click();
    expect(await group.locator('.language-c').textContent()).toContain('bool send_all(int sock_fd, int message_len)');
    expect(await group.locator('.language-c button.copy').count()).toBe(1);
    expect(await page.locator('.pager-link').count()).toBeGreaterThan(0);
    await page.close();
  });

  it('can be read where no script runs: C stands below TypeScript, and a still picture for the one that moves', async () => {
    const { page } = await open(urlOf('docs/stage-4-tcp-proxy.md'), { viewport: PHONE, javaScriptEnabled: false });
    const group = page.locator('.vp-code-group').first();
    expect(await group.locator('.language-ts').isVisible()).toBe(true);
    expect(await group.locator('.language-c').isVisible()).toBe(true);
    await shot(page, 'no-script');
    await page.goto(urlOf('docs/background/what-send-returns.md'));
    expect(await page.locator('.two-speeds').isVisible()).toBe(false);
    expect(await page.locator('.still img').isVisible()).toBe(true);
    await shot(page, 'no-script-picture');
    await page.close();
  });

  it('leads a report’s link to its section', async () => {
    const { page } = await browser.open(`${origin}${BASE}docs/stage-4-tcp-proxy.md#createserver`);
    await page.waitForURL(`${urlOf('docs/stage-4-tcp-proxy.md')}#createserver`);
    expect(await page.locator('#createserver').count()).toBe(1);
    await page.close();
  });

  it('finds words without a net', async () => {
    const { page, errors } = await open(urlOf('docs/README.md'), { viewport: DESKTOP });
    await page.keyboard.press('/');
    await page.locator('#localsearch-input').fill('half-close');
    await page.locator('#localsearch-list a[href*="closing-a-connection"]').first().waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('lets A and B be tried with keys alone', async () => {
    const { page } = await open(urlOf('docs/background/what-send-returns.md'), { viewport: PHONE });
    const toy = page.locator('.two-speeds');
    for (let minute = 1; minute <= 12; minute += 1)
      await toy.getByRole('button', { name: 'One minute' }).press('Enter');
    expect(await toy.getByRole('status').textContent()).toContain('send returned 80. 20 words are still');
    await toy.getByRole('slider', { name: /B reads/ }).press('End');
    await toy.getByRole('button', { name: 'One minute' }).press('Enter');
    expect(await toy.getByRole('status').textContent()).toContain('have taken all of them');
    await shot(page, 'two-speeds');
    await toy.getByRole('button', { name: 'Play' }).press('Enter');
    await toy.getByRole('button', { name: 'Pause' }).press('Enter');
    await toy.getByRole('button', { name: 'From the beginning' }).press('Enter');
    expect(await toy.getByRole('status').textContent()).toBe('Nothing has been said yet.');
    expect(await faults(page, false)).toEqual([]);
    await page.close();
  });
});
