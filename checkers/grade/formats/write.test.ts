/** The files of a class as they lie on the disk. WORKSHOP_SHOTS=<folder> keeps pictures of the pages, to be looked at. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserIsThere, TestBrowser } from '../../report/replay/fixtures.ts';
import type { ClassGrades } from '../contract/result.ts';
import { brokenGrade, classOf, gradeOf, NASTY_IDS, nastyClass, refusedGrade } from '../fixtures/class.ts';
import { reportHtml } from './report-html.ts';
import { writeReports } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'workshop-grades-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mixedClass(count: number): ClassGrades {
  const all = classOf(count - 2);
  return { ...all, grades: [...all.grades, brokenGrade('t0001'), refusedGrade('t0002')] };
}

describe('writeReports', () => {
  it('writes a file of each kind for every student, and no others', async () => {
    const place = join(folder, 'nasty');
    const paths = await writeReports(place, nastyClass());
    const kinds = ['feedback', 'gradescope', 'classroom50', 'github-classroom'];
    const inFolders = kinds.map((kind) => readdirSync(join(place, kind)).length);
    // One of them has no mark yet, which Classroom 50 cannot express.
    expect(inFolders).toEqual([2 * NASTY_IDS.length, NASTY_IDS.length, NASTY_IDS.length - 1, NASTY_IDS.length]);
    expect(paths.every((path) => path.startsWith(`${place}/`) && existsSync(path))).toBe(true);
    expect(readdirSync(place).sort()).toEqual(
      [...kinds, 'ctrf.json', 'grades.csv', 'grades.json', 'junit.xml', 'report.html'].sort(),
    );
  });

  it('writes the same bytes for the same grades', async () => {
    const [one, other] = await Promise.all(
      ['one', 'other'].map((name) => writeReports(join(folder, name), mixedClass(9))),
    );
    expect(one?.map((path) => readFileSync(path, 'utf8'))).toEqual(other?.map((path) => readFileSync(path, 'utf8')));
  });

  it('links to replays in folders of any name', async () => {
    const place = join(folder, 'with replays');
    const replay = join(place, 'replays', 'a#b ?', '4.1.html');
    const replays = (_: object, id: string): string | undefined => (id === '4.1' ? replay : undefined);
    await writeReports(place, classOf(1), { replays });
    for (const file of ['s0001.html', 's0001.md']) {
      const text = readFileSync(join(place, 'feedback', file), 'utf8');
      expect(text.match(/\.\.\/replays\/a%23b%20%3F\/4\.1\.html/g)).toHaveLength(1);
    }
  });

  it('leaves no name in any file when asked to', async () => {
    const grades = ['ada.lovelace', 'grace', 'bob-7'].map((id) =>
      gradeOf('never-waits', id, {
        student: { id, name: `Dr ${id.split('.').join(' ')} Smith` },
        notes: [
          `${id}/proxy.ts is odd`,
          `found 'Smith${id.split(/\W/)[0]}.py', 'dsmith.ts', 'Smi\u001b[0mth', '${id.toUpperCase()}'`,
        ],
      }),
    );
    const place = join(folder, 'anonymous');
    const replays = (): string => '/home/grace/replay.html';
    const paths = await writeReports(place, { ...classOf(0), grades }, { anonymise: true, replays });
    for (const path of paths) {
      const text = path.endsWith('.txt')
        ? Buffer.from(readFileSync(path, 'utf8'), 'base64')
        : readFileSync(path, 'utf8');
      expect(`${basename(path)} ${text}`).not.toMatch(/lovelace|grace|bob-7|smith|autumn/i);
    }
    expect(readFileSync(join(place, 'report.html'), 'utf8')).toMatch(/student-[0-9a-f]{10}\/proxy\.ts is odd/);
  });

  it('stays below 2 MB for a class of 500', () => {
    expect(reportHtml(mixedClass(500), ({ student }) => `feedback/${student.id}.html`).length).toBeLessThan(2_000_000);
  });
});

const browser = new TestBrowser();

async function shot(page: Page, name: string): Promise<void> {
  const shots = process.env.WORKSHOP_SHOTS;
  if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

/** Accessibility problems that axe finds. (Code for the browser is text: Node has no DOM.) */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = (await page.evaluate('axe.run()')) as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

const looks = [
  { name: 'desktop-light', viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark' },
] as const;

describe.runIf(process.platform === 'linux' && browserIsThere())('in a browser', () => {
  const place = join(folder, 'browser');
  const url = (...names: string[]): string => pathToFileURL(join(place, ...names)).href;
  beforeAll(async () => {
    await writeReports(place, mixedClass(30));
    await writeReports(join(place, 'nasty'), nastyClass());
    await browser.start();
  }, 60_000);
  afterAll(() => browser.stop());

  it.each(looks)('the report can be seen, read aloud and used from the keyboard: $name', async ({ name, ...look }) => {
    // axe is put in from outside, which the page's own policy would refuse.
    const { page, errors } = await browser.open(url('report.html'), { ...look, bypassCSP: true });
    await shot(page, `report-${name}`);
    expect(await faults(page)).toEqual([]);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await page.locator('.causes summary').first().textContent()).toMatch(/^\d+ of 28 /);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('the report finds and sorts students, with its own script only', async () => {
    const { page, errors } = await browser.open(url('report.html'));
    const firstRow = (): Promise<string | null> => page.locator('#students tbody tr:visible th').first().textContent();
    await page.locator('#find').fill('s0022');
    expect(await page.locator('#shown').textContent()).toBe('1 of 30');
    expect(await firstRow()).toContain('s0022');
    await page.locator('#find').fill('');
    await page.locator('#order').selectOption('points');
    expect(await firstRow()).toContain('t0001');
    await page.locator('#order').selectOption('index');
    expect(await firstRow()).toContain('s0001');
    await page.locator('#students a').first().click();
    expect(await page.locator('h1').textContent()).toContain('s0001');
    expect(errors).toEqual([]);
    await page.close();
  });

  it.each(looks)("a student's page can be seen and read aloud: $name", async ({ name, ...look }) => {
    const { page, errors } = await browser.open(url('feedback', 's0005.html'), { ...look, bypassCSP: true });
    await shot(page, `feedback-${name}`);
    expect(await faults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('runs nothing that a submission printed, and loads nothing', async () => {
    const pages = readdirSync(join(place, 'nasty', 'feedback')).filter((name) => name.endsWith('.html'));
    for (const file of ['report.html', ...pages.slice(0, 4).map((name) => `feedback/${name}`)]) {
      const { page, errors } = await browser.open(url('nasty', ...file.split('/')));
      expect(errors, file).toEqual([]);
      expect(await page.locator('img, script:not(body > script), iframe, a[href^="javascript"]').count(), file).toBe(0);
      await page.close();
    }
  });
});
