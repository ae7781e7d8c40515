/** The doctor on machines where programs are missing, and where they hang. */
import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findOnPath } from '../harness/python.ts';
import { Reaper } from '../harness/reaper.ts';
import { takePortBlock, tryListen } from '../kernel/ports.ts';
import { doctorLines } from '../report/doctor.ts';
import { examine, type NamedFinding } from './doctor.ts';
import type { Surroundings } from './finding.ts';
import { portProbe } from './ports.ts';
import { terminalProbe } from './terminal.ts';

const settings = { env: { LANG: 'C.UTF-8' }, platform: process.platform, opensPages: true, deadlineMs: 10_000 };
const path = process.env.PATH;
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-'));
});

afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

/** A machine with only these programs, each a line of shell. */
function onlyPrograms(programs: Record<string, string>): void {
  const sh = findOnPath('sh');
  const sleep = findOnPath('sleep');
  if (sh === undefined || sleep === undefined) throw new Error('a machine without a shell');
  symlinkSync(sh, join(folder, 'sh'));
  symlinkSync(sleep, join(folder, 'sleep'));
  for (const [name, line] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!${sh}\n${line}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  process.env.PATH = folder;
}

function find(findings: NamedFinding[], name: string): NamedFinding | undefined {
  return findings.find((finding) => finding.name === name);
}

describe.runIf(process.platform === 'linux')('the doctor', () => {
  it('says what works without a missing program and how to get it; the main job needs none of them', async () => {
    onlyPrograms({ 'apt-get': 'true' });
    const findings = await examine({ ...settings, opensPages: false });
    const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
    for (const [name, get] of [
      ['python3', 'python3'],
      ['strace', 'strace'],
      ['Namespaces', 'util-linux'],
      ['Sandbox', 'bubblewrap'],
    ] as const) {
      const { state, without, get: how } = find(findings, name) ?? {};
      expect({ state, how }, name).toEqual({ state: 'lacking', how: `${sudo}apt-get install ${get}` });
      expect(without, name).not.toBe('');
    }
    expect(find(findings, 'System calls')).toMatchObject({ state: 'works' });
    expect(findings.filter(({ state }) => state === 'broken')).toEqual([]);
    for (const line of doctorLines(findings, 80)) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('does not wait for programs that hang, and kills them', async () => {
    const hang = 'echo $$ >&2; exec sleep 60';
    onlyPrograms({ python3: hang, strace: hang, unshare: hang, bwrap: hang });
    const start = performance.now();
    const findings = await examine({ ...settings, deadlineMs: 2000 });
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(find(findings, 'python3')).toMatchObject({ state: 'lacking' });
    expect(find(findings, 'strace')).toMatchObject({ state: 'lacking', says: 'installed, but it does not answer' });
    expect(find(findings, 'Namespaces')).toMatchObject({ state: 'lacking' });
  });

  it('distinguishes forbidden strace from missing strace', async () => {
    onlyPrograms({ strace: 'echo "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted" >&2; exit 1' });
    const finding = find(await examine(settings), 'strace');
    expect(finding).toMatchObject({ state: 'lacking', get: expect.stringContaining('SYS_PTRACE') });
  });

  it('names the program that has a port', async () => {
    const block = await takePortBlock();
    const port = block.take();
    const reaper = new Reaper();
    const surroundings: Surroundings = { ...settings, reaper };
    const probe = portProbe(port, 'proxy', 'PORT', port + 1);
    expect(await probe.look(surroundings)).toMatchObject({ state: 'works' });
    const server = await tryListen(port);
    expect(await probe.look(surroundings)).toMatchObject({
      state: 'lacking',
      says: expect.stringContaining(`(pid ${process.pid})`),
      get: expect.stringContaining(`PORT=${port + 1} npm run proxy`),
    });
    server?.close();
    block.release();
    reaper.release();
  });
});

it('says on another system that the main job needs Linux, and where to read on', async () => {
  for (const platform of ['darwin', 'win32']) {
    const findings = await examine({ ...settings, platform });
    expect(find(findings, 'System calls')).toMatchObject({
      state: 'broken',
      get: expect.stringContaining('docs/other-systems.md'),
    });
    expect(doctorLines(findings).join('\n')).toContain('cannot be judged here yet');
  }
});

it('looks at the terminal', () => {
  const look = (env: NodeJS.ProcessEnv, columns?: number) =>
    terminalProbe.look({ env, columns, platform: 'linux' } as Surroundings);
  expect(look({ LANG: 'en_US.UTF-8' }, 120)).toMatchObject({ state: 'works' });
  expect(look({ LANG: 'en_US.UTF-8' }, 60)).toMatchObject({ state: 'lacking', get: 'make the window wider' });
  expect(look({ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, 120)).toMatchObject({ get: 'export LANG=C.UTF-8' });
});
