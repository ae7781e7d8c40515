/** End-to-end tests of the switch `open` of npm run milestone: arguments, output, files. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyWorkshop, run } from './fixtures.ts';

const workshop = copyWorkshop();
const start = [process.execPath, join(workshop, 'scripts', 'start.mjs')];

describe.runIf(process.platform === 'linux')('npm run milestone … open', () => {
  it('writes a self-contained page, and says where', async () => {
    const words = ['milestone', '4.1', 'solution', 'only', 'on-connect', 'open'];
    const { code, stdout } = await run([...start, ...words], workshop, { CI: '1' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Replay: \.workshop\/replay\/4\.1\.html$/m);
    const page = readFileSync(join(workshop, '.workshop', 'replay', '4.1.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toContain('acceptConnection');
    expect(page.match(/(src|href)="(?!data:|#)[^"]*"/g)).toBeNull();
  });

  it('keeps standard output for JSON, and shows a failure of a program without a trace, too', async () => {
    const words = ['milestone', '4.2', 'only', '1', 'json', 'open', '--command', 'exit 3'];
    const { code, stdout, stderr } = await run([...start, ...words], workshop, { CI: '1' });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).passed).toBe(false);
    expect(stderr).toContain('Replay: .workshop/replay/4.2.html');
    expect(existsSync(join(workshop, '.workshop', 'replay', '4.2.html'))).toBe(true);
  });
});
