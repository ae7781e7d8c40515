/** Recordings, and a browser, for tests of the page. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { programPath, stageOf } from '../../course/course.ts';
import { findMilestone } from '../../course/find.ts';
import { CHROMIUM_FLAGS, chromiumPath } from '../../harness/chromium.ts';
import { mutants } from '../../mutants/index.ts';
import { mutantSource } from '../../mutants/mutant.ts';
import { workshopFolder } from '../../root.ts';
import type { Candidate } from '../../run/candidate.ts';
import { type MilestoneResult, runMilestone } from '../../run/run.ts';
import { replayData } from './data.ts';
import type { ReplayData } from './model/page-data.ts';

/** Judges our solution, with a recording of every check. */
export function recordSolution(id: string, only?: string[]): Promise<MilestoneResult> {
  const milestone = milestoneOf(id);
  const path = programPath(stageOf(milestone), 'solutions');
  return recordRun(id, { kind: 'file', path, whose: 'solution' }, only);
}

export function recordRun(id: string, candidate: Candidate, only?: string[]): Promise<MilestoneResult> {
  return runMilestone({ milestone: milestoneOf(id), candidate, seed: '7f3a', record: true, ...(only && { only }) });
}

/** Judges a mutant by the check that catches it. Returns its page's data with the source, whose file is deleted. */
export async function replayOfMutant(name: string): Promise<ReplayData> {
  const mutant = mutants.find(({ id }) => id === name);
  if (mutant === undefined) throw new Error(`there is no mutant ${name}`);
  const folder = join(workshopFolder, 'mutants', `replay-${name}-${process.pid}`);
  const path = join(folder, stageOf(milestoneOf(mutant.milestone)).file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, mutantSource(mutant));
  try {
    return replayData(await recordRun(mutant.milestone, { kind: 'file', path, whose: 'learner' }, [mutant.caughtBy]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function milestoneOf(id: string): MilestoneResult['milestone'] {
  const milestone = findMilestone(id);
  if (milestone === undefined) throw new Error(`there is no milestone ${id}`);
  return milestone;
}

/** Whether this machine has the browser; if not, reports once that tests are skipped. */
export function browserIsThere(): boolean {
  if (chromiumPath() !== undefined) return true;
  console.warn('Left out: there is no Chromium on this machine (Debian: apt-get install chromium).');
  return false;
}

/** A browser for a test file. */
export class TestBrowser {
  #browser: Browser | undefined;

  async start(): Promise<void> {
    this.#browser = await chromium.launch({ executablePath: chromiumPath() ?? '', args: CHROMIUM_FLAGS });
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
  }

  /** A tab and everything that went wrong in it. */
  async open(url: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<{ page: Page; errors: string[] }> {
    if (this.#browser === undefined) throw new Error('the browser has not been started');
    const page = await this.#browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const errors: string[] = [];
    page.on('console', (message) => message.type() !== 'log' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('requestfailed', (request) => errors.push(`not loaded: ${request.url()}`));
    await page.goto(url);
    return { page, errors };
  }
}

/** The text of an element of the page, by its id. */
export async function textOf(page: Page, id: string): Promise<string> {
  return (await page.locator(`#${id}`).textContent()) ?? '';
}
