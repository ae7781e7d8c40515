/** A command that does not start: the cause is in the file, and each shell and launcher words it in its own way. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../contract/check.ts';
import { findMilestone } from '../course/find.ts';
import { lastLinesOf } from '../explain/exit.ts';
import { unstarted } from '../explain/unstarted.ts';
import { temporaryFolder } from '../fixtures.ts';
import { findOnPath } from '../harness/python.ts';
import { runMilestone } from './run.ts';
import { startedFiles } from './started-files.ts';

const folder = temporaryFolder();

const files: Record<string, string> = {
  'crlf.sh': '#!/bin/sh\r\nexec sleep 1\r\n',
  'crlf.py': '#!/usr/bin/env python3\r\nprint(1)\r\n',
  'option.sh': '#!/bin/sh -e\r\nexec sleep 1\r\n',
  'my crlf.sh': '#!/bin/sh\r\nexec sleep 1\r\n',
  'words.sh': 'cd .\r\nexec sleep 1\r\n',
  'start.sh': '#!/bin/sh\n./crlf.sh\n',
  'mark.py': '\uFEFF#!/usr/bin/python3\nprint(1)\n',
  'bare.py': 'import os\nprint(1)\n',
  'absent.py': '#!/usr/bin/nonesuch\nprint(1)\n',
  'dies.py': '#!/usr/bin/env python3\r\nraise ValueError("no \\\\r in GET\\\\r\\\\n: not found")\r\n',
  'words.py': 'import sys\r\nsys.exit("words.py: no upstream: not found")\r\n',
};
for (const [name, content] of Object.entries(files)) {
  writeFileSync(join(folder, name), content);
  chmodSync(join(folder, name), 0o755);
}
mkdirSync(join(folder, 'proxy'));
// The head of a compiled program for a processor that this machine does not have: Intel's i860.
const OTHER = Buffer.alloc(64);
OTHER.write('\x7fELF\x01\x01\x01', 'latin1');
OTHER.writeUInt16LE(2, 16);
OTHER.writeUInt16LE(7, 18);
writeFileSync(join(folder, 'other'), OTHER, { mode: 0o755 });
// A compiled program from a system with another loader.
const ELF = join(folder, 'foreign');

function explained(command: string): Explanation | undefined {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  const printed = stderr.split(/\r?\n/).filter((line) => line !== '');
  const lastLines = lastLinesOf(printed.length > 0 ? printed : stdout.split('\n'), 40);
  return unstarted({
    failedAt: 0,
    symptom: 'stopped',
    did: [],
    expected: '',
    observed: '',
    exit: { code: status, signal: null, ms: 0 },
    lastLines,
    startedFiles: startedFiles(command, folder, lastLines),
    otherPorts: [],
    ports: { proxy: 8080, upstream: 3000 },
    timeline: [],
    trace: [],
  });
}

function causeOf(command: string): string | undefined {
  return explained(command)?.causeId;
}

const RETURNS = 'script-with-returns';
const cases: [command: string, cause: string | undefined][] = [
  ['./crlf.sh', RETURNS],
  ['PORT=1 exec ./crlf.sh', RETURNS],
  ['env ./crlf.sh', RETURNS],
  ["bash -c './crlf.sh'", RETURNS],
  ["bash -c 'exec ./crlf.sh'", RETURNS],
  ['timeout 5 ./crlf.sh', RETURNS],
  [join(folder, 'crlf.sh'), RETURNS],
  ["'./my crlf.sh'", RETURNS],
  ['sh crlf.sh', RETURNS],
  ['sh words.sh', RETURNS],
  ['./option.sh', RETURNS],
  ['./start.sh', RETURNS],
  ['./crlf.py', RETURNS],
  ['env ./crlf.py', RETURNS],
  ['bash -c ./crlf.py', RETURNS],
  [`python3 -c "import subprocess; subprocess.run('./crlf.sh')"`, RETURNS],
  [`node -e "require('child_process').spawn('./crlf.sh')"`, RETURNS],
  ['./mark.py', 'script-read-by-shell'],
  ['./bare.py', 'script-read-by-shell'],
  ['bash bare.py', 'script-read-by-shell'],
  ['./absent.py', 'interpreter-missing'],
  ['env ./absent.py', 'interpreter-missing'],
  ['bash -c ./absent.py', 'interpreter-missing'],
  ['./nothing-there', 'program-not-found'],
  ['env nothing-there', 'program-not-found'],
  // Python accepts such lines, and dies of something else.
  ['python3 dies.py', undefined],
  ['python3 words.py', undefined],
];

describe('the cause of a command that does not start', () => {
  it.for(cases)('%s: %s', ([command, cause], context) => {
    for (const tool of ['bash', 'python3', 'timeout', 'node']) {
      context.skip(command.startsWith(tool) && findOnPath(tool) === undefined, `${tool} is not installed`);
    }
    expect(causeOf(command)).toBe(cause);
  });

  it.each([
    ['./proxy', /^\.\/proxy is a folder/],
    ["bash -c './proxy'", /^\.\/proxy is a folder/],
    [join(folder, 'proxy'), /proxy is a folder/],
    ['./other', /^\.\/other is there, but it is no program for this machine/],
    ["bash -c './other'", /is no program for this machine/],
  ])('%s: %s', (command, words) => {
    const { causeId, cause, next } = explained(command) ?? {};
    expect(causeId).toBe('program-not-runnable');
    expect(cause).toMatch(words);
    expect(next).not.toContain('chmod');
  });

  it.skipIf(findOnPath('gcc') === undefined)('a compiled program whose loader is missing', () => {
    const built = spawnSync('gcc', ['-x', 'c', '-', '-o', ELF, '-Wl,--dynamic-linker=/lib/ld-nonesuch.so'], {
      input: 'int main(void) { return 0; }',
    });
    expect(String(built.stderr)).toBe('');
    expect(causeOf('./foreign')).toBe('interpreter-missing');
  });

  it('is told with the first line as its proof', { timeout: 60_000 }, async () => {
    const milestone = findMilestone('4.1');
    if (milestone === undefined) throw new Error('there is no milestone 4.1');
    const candidate = { kind: 'command', command: './crlf.py', cwd: folder } as const;
    const { results } = await runMilestone({ milestone, candidate, seed: '7f3a', only: ['listening'] });
    expect(results[0]?.explanation).toMatchObject({
      causeId: RETURNS,
      proof: [expect.stringContaining('./crlf.py is “#!/usr/bin/env python3\\r”')],
    });
  });
});
