/** The page in a real browser. WORKSHOP_SHOTS=<folder> keeps screenshots for inspection. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asCandidate, controls } from '../../controls/controls.ts';
import { replayData } from './data.ts';
import { browserIsThere, recordRun, recordSolution, replayOfMutant, TestBrowser, textOf } from './fixtures.ts';
import type { ReplayData } from './model/page-data.ts';
import { renderPage } from './render.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-replay-'));
const browser = new TestBrowser();

async function write(name: string, data: ReplayData): Promise<string> {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, await renderPage(data));
  return pathToFileURL(path).href;
}

async function shot(page: Page, name: string): Promise<void> {
  const shots = process.env.WORKSHOP_SHOTS;
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}

/** The number in 'Step 12 of 52, …'. */
async function stepNumber(page: Page): Promise<number> {
  return Number(/^Step (\d+) of/.exec(await textOf(page, 'count'))?.[1]);
}

/** Presses the right arrow this often; returns `expression` after each step. (Browser code is text: Node has no DOM.) */
function forward(page: Page, times: number, expression = '0'): Promise<string[]> {
  return page.evaluate(`Array.from({ length: ${times} }, () => {
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    return ${expression};
  })`);
}

function axePath(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  } catch {
    return process.env.WORKSHOP_AXE;
  }
}

describe.runIf(process.platform === 'linux' && browserIsThere())('the replay page', () => {
  let failed: string;
  let passed: string;
  beforeAll(async () => {
    await browser.start();
    failed = await write('failed', await replayOfMutant('close-client-only'));
    passed = await write('passed', replayData(await recordSolution('4.2', ['round-trip', 'pages', 'fifty-clients'])));
  }, 120_000);
  afterAll(async () => {
    await browser.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens at the failing moment, with its line in the source, and without an error', async () => {
    const { page, errors } = await browser.open(failed);
    expect(await textOf(page, 'sentence')).toBe('recv() returns 0: client 1 (fd 21) will send no more.');
    expect(await page.locator('#source .line.now').textContent()).toContain('recv(connSockFd');
    expect(await textOf(page, 'verdict')).toContain('Cause');
    expect(await textOf(page, 'details')).toMatch(/Result0/);
    expect(await page.locator('.ring .station.now').textContent()).toContain('handleClient');
    await shot(page, 'failed-light-desktop');
    expect(errors).toEqual([]);
  });

  it.each([
    ['1.2', 'line', 'The server', '.head.right'],
    ['2.2', 'line', 'The client', '.head.left'],
  ])('shows only the side that there is in milestone %s', async (milestone, check, name, absent) => {
    const page = await browser.open(await write(milestone, replayData(await recordSolution(milestone, [check]))));
    expect(await page.page.locator('.head.middle').textContent()).toBe(name);
    expect(await page.page.locator(absent).isVisible()).toBe(false);
    const said = await forward(page.page, 40, "document.getElementById('sentence').textContent");
    expect(said.filter((sentence) => /proxy|upstream/i.test(sentence))).toEqual([]);
    expect(await page.page.locator('.end:visible').count()).toBe(1);
    expect(page.errors).toEqual([]);
  });

  it('moves with the keys', async () => {
    const { page } = await browser.open(failed);
    const begin = await stepNumber(page);
    await page.keyboard.press('ArrowRight');
    expect(await stepNumber(page)).toBe(begin + 1);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await stepNumber(page)).toBe(begin - 1);
    await page.keyboard.press('Home');
    expect(await stepNumber(page)).toBe(1);
    expect(await textOf(page, 'sentence')).toBe('The program is started.');
    await page.keyboard.press('End');
    expect(await textOf(page, 'sentence')).toMatch(/^The checker gives up/);
    await page.getByRole('button', { name: 'Show the failing moment' }).click();
    expect(await stepNumber(page)).toBe(begin);
  });

  it('moves with the scrubber and the buttons', async () => {
    const { page } = await browser.open(failed);
    const scrubber = page.getByRole('slider', { name: 'Step' });
    await scrubber.fill('4');
    expect(await stepNumber(page)).toBe(5);
    await scrubber.press('ArrowRight');
    expect(await stepNumber(page)).toBe(6);
    expect(await scrubber.getAttribute('aria-valuetext')).toMatch(/^step 6 of \d+: /);
    for (const [name, number] of [
      ['Next', 7],
      ['Previous', 6],
      ['First', 1],
    ] as const) {
      await page.getByRole('button', { name, exact: true }).click();
      expect(await stepNumber(page)).toBe(number);
    }
    await page.locator('#nearby button').nth(3).click();
    expect(await stepNumber(page)).toBe(4);
  });

  it('plays and pauses with the space bar, and is quiet for screen readers meanwhile', async () => {
    const { page } = await browser.open(passed);
    await page.keyboard.press(' ');
    await expect.poll(() => stepNumber(page), { timeout: 10_000 }).toBeGreaterThan(2);
    expect(await page.locator('#sentence').getAttribute('aria-live')).toBe('off');
    await page.keyboard.press(' ');
    const stopped = await stepNumber(page);
    await page.waitForTimeout(1000);
    expect(await stepNumber(page)).toBe(stopped);
    expect(await page.locator('#sentence').getAttribute('aria-live')).toBe('polite');
  });

  it('shows bytes on their way, the buffer that holds them, and the row that they follow', async () => {
    const { page, errors } = await browser.open(passed);
    const texts = await forward(
      page,
      40,
      `[document.querySelector('#sentence').textContent,
        document.querySelector('.move.bytes')?.textContent ?? '',
        [...document.querySelectorAll('.socket .note')].map((note) => note.textContent),
        document.querySelector('.rows')?.textContent].join(' | ')`,
    );
    expect(texts.find((text) => /recv\(\) takes \d+ bytes from client 1/.test(text))).toMatch(
      /\| \d+ B → \| \d+ B not sent on,.* \| \[21, 22\]/,
    );
    expect(texts.find((text) => text.startsWith('send() hands'))).toMatch(
      /\| \d+ B → \| nothing to send on,nothing to send on/,
    );
    expect(errors).toEqual([]);
  });

  it('goes through every step of every check without an error', async () => {
    const { page, errors } = await browser.open(passed, { colorScheme: 'dark' });
    for (const button of await page.locator('#checks button').all()) {
      await button.click();
      const length = Number(/of (\d+)/.exec(await textOf(page, 'count'))?.[1]);
      expect(length).toBeGreaterThan(20);
      await forward(page, length);
      expect(await textOf(page, 'sentence')).toMatch(/^The checker has seen what it wanted/);
    }
    await page.getByRole('slider').fill('700');
    await shot(page, 'fifty-dark-desktop');
    expect(errors).toEqual([]);
  });

  it('fits a phone, dark or light, and has no motion where none is wanted', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await browser.open(failed, {
        viewport: { width: 390, height: 844 },
        colorScheme,
        reducedMotion: 'reduce',
      });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('ArrowRight');
      expect(await page.evaluate('document.getAnimations().length')).toBe(0);
      await page.locator('#count').scrollIntoViewIfNeeded();
      await page.evaluate("scrollTo(0, document.querySelector('#count').offsetTop - 10)");
      await shot(page, `failed-${colorScheme}-phone`);
    }
  });

  it('steps through the outside events alone if a program writes no trace', async (context) => {
    const socat = controls.find(({ id }) => id === 'socat');
    if (socat === undefined || socat.missing()) return context.skip();
    const url = await write('socat', replayData(await recordRun('4.2', asCandidate(socat), ['round-trip'])));
    const { page, errors } = await browser.open(url);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(page, 'picture')).toContain('client 1');
    await shot(page, 'socat-light-desktop');
    expect(errors).toEqual([]);
  });

  it('passes axe', async (context) => {
    const axe = axePath();
    if (axe === undefined) return context.skip('axe-core is not installed');
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const url of [failed, passed]) {
        const { page } = await browser.open(url, { colorScheme });
        // The page's policy blocks foreign scripts, so this one is injected differently.
        await page.evaluate(readFileSync(axe, 'utf8'));
        const violations = await page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))',
        );
        expect(violations).toEqual([]);
      }
    }
  });
});
