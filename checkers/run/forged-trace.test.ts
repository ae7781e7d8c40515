/** A program that forges its trace changes no verdict and breaks no report. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { course, findStage } from '../course/course.ts';
import { solutionOf } from '../course/skeleton.ts';
import { replayData } from '../report/replay/data.ts';
import { renderPage } from '../report/replay/render.ts';
import { terminalReport } from '../report/terminal.ts';
import { workshopFolder } from '../root.ts';
import { type MilestoneResult, runMilestone } from './run.ts';

const stage = findStage(4) ?? course[0];
if (stage === undefined) throw new Error('the course is empty');
const solution = solutionOf(stage);
const DUE = 'sendAll(upstreamSockFd, readN)';

/** The code with which a program forges its trace at its start; `path` is its trace, `fs` is node:fs. */
const FORGERIES: [name: string, code: string][] = [
  [
    'lines that are no records',
    String.raw`fs.writeFileSync(path, 'null\n7\n"x"\n{}\n[[\n{"at":1}\n' + '['.repeat(1e6) + '\n')`,
  ],
  [
    'records that make no sense',
    String.raw`for (const events of [[null], [{}], [{ fd: 'x', events: null }], []])
      for (const call of ['accept', 'recv', 'send', 'close', 'epoll_wait', 'bind', 'connect', 'toString', '__proto__'])
        for (const result of [1e308, -1, 5, undefined])
          fs.appendFileSync(path, JSON.stringify({ at: -1, pid: {}, call, fd: 2 ** 60, args: [], result, events,
            rows: [null, [null], 7], file: {}, line: 'x', fn: 5, head: 7, offset: 'y', repeats: 'many' }) + '\n')`,
  ],
  [
    'a flood of records',
    String.raw`{ const at = Number(process.hrtime.bigint()) / 1e6; let text = '';
      for (let n = 0; n < 120_000; n += 1) text += JSON.stringify({ at: at + n / 1e4, pid: process.pid,
        call: ['accept', 'connect', 'recv', 'send', 'close', 'epoll_wait'][n % 6], fd: n % 50, args: {}, took: 0, result: n % 50,
        events: [{ fd: n % 50, events: 1 }], rows: [[n % 50, n % 49]] }) + '\n';
      fs.writeFileSync(path, text); }`,
  ],
  ['a hole of a terabyte', 'fs.truncateSync(path, 2 ** 40)'],
  ['a folder in its place', 'fs.rmSync(path, { force: true }); fs.mkdirSync(path)'],
  ['a pipe in its place', `fs.rmSync(path, { force: true }); spawnSync('mkfifo', [path])`],
  ['a link to a device in its place', `fs.rmSync(path, { force: true }); fs.symlinkSync('/dev/zero', path)`],
  ['nothing in its place', 'fs.rmSync(path, { force: true })'],
];

async function judge(name: string, code: string, source: string, patience?: number): Promise<MilestoneResult> {
  const milestone = stage?.milestones[1];
  if (milestone === undefined) throw new Error('the stage has no second milestone');
  const folder = join(workshopFolder, 'forged', `${name.replaceAll(' ', '-')}-${process.pid}`);
  const path = join(folder, 'proxy.ts');
  mkdirSync(folder, { recursive: true });
  const prelude = `import * as fs from 'node:fs'; import { spawnSync } from 'node:child_process';
    { const path = process.env.WORKSHOP_TRACE; if (path) { ${code} } } void spawnSync;\n`;
  writeFileSync(path, prelude + source);
  const candidate = { kind: 'file' as const, path, whose: 'learner' as const };
  try {
    const only = ['round-trip'];
    return await runMilestone({
      milestone,
      candidate,
      seed: '7f3a',
      only,
      record: true,
      ...(patience && { patience }),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe.runIf(process.platform === 'linux').concurrent('a trace with', () => {
  it.each(FORGERIES)('%s: a correct proxy passes, and has a replay', async (name, code) => {
    const result = await judge(`right ${name}`, code, solution);
    expect(result.results.map(({ status, reason }) => reason ?? status)).toEqual(['pass']);
    expect(await renderPage(replayData(result))).toContain('</html>');
  });

  it.each(FORGERIES.slice(0, 5))('%s: a wrong one fails, and has a report and a replay', async (name, code) => {
    expect(solution).toContain(DUE);
    const wrong = solution.replace(DUE, 'sendAll(upstreamSockFd, readN - 1)');
    const result = await judge(`wrong ${name}`, code, wrong, 0.3);
    expect(result.results.map(({ status, reason }) => reason ?? status)).toEqual(['fail']);
    expect(terminalReport(result, 80).join('\n')).toContain('Cause');
    expect(await renderPage(replayData(result))).toContain('</html>');
  });
});
