import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { commandRacer, fileRacer, proxyFile } from '../race/racer.ts';
import { root } from '../root.ts';
import { soakJson, soakPlot } from './report.ts';
import { runSoak, type SoakResult } from './soak.ts';

/** Three short phases; with THOROUGH=1 longer ones, and more wrong proxies. */
const thorough = process.env.THOROUGH === '1';
const SECONDS = thorough ? 6 : 1.5;
const builds = join(root, '.workshop', 'races', `soak-test-${process.pid}`);

/** A proxy on node:net with a mistake in it. */
function wrongProxy(onData: string, onEnd = 'u.end()'): string {
  const script = [
    'const n = require("net"); let count = 0;',
    'n.createServer({ allowHalfOpen: true }, (c) => {',
    '  const u = n.connect({ port: process.env.UPSTREAM_PORT, host: "127.0.0.1", allowHalfOpen: true });',
    `  c.on("data", (d) => { count += 1; ${onData} }); c.on("end", () => { ${onEnd} });`,
    '  u.pipe(c); c.on("error", () => u.destroy()); u.on("error", () => c.destroy());',
    '  c.on("close", () => u.destroy()); u.on("close", () => c.destroySoon());',
    '}).listen(process.env.PORT, "127.0.0.1");',
  ].join(' ');
  return `${process.execPath} -e '${script}'`;
}

async function soakCommand(command: string): Promise<SoakResult> {
  return runSoak({ racer: commandRacer(command, root), seconds: SECONDS, patienceMs: 4000 });
}

function failed({ verdict }: SoakResult): string[] {
  return verdict.findings.filter(({ passed }) => !passed).map(({ what }) => what);
}

describe.concurrent('a soak of a few seconds', () => {
  test('the fast solution holds, and its result matches the documented schema', async () => {
    const racer = await fileRacer(proxyFile(9, 'solutions') ?? '', 'stage 9', builds);
    const result = await runSoak({ racer, seconds: SECONDS });
    expect(result.verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
    expect(result.state.restarts).toBe(3);
    expect(result.state.connections).toBeGreaterThan(250);
    const schema = JSON.parse(readFileSync(join(root, 'docs', 'soak-result.schema.json'), 'utf8'));
    const validate = new Ajv({ strict: false }).compile(schema);
    expect(validate(JSON.parse(JSON.stringify(soakJson(result)))), JSON.stringify(validate.errors)).toBe(true);
    expect(soakPlot(result)).toContain('<polyline');
  }, 60_000);

  test('a proxy that occasionally loses a byte does not hold', async () => {
    const losing = wrongProxy('u.write(count % 10 ? d : d.subarray(1));');
    expect(failed(await soakCommand(losing))).toContain('no byte was lost or crossed');
  }, 60_000);

  const reason = thorough ? '' : ' (skipped: THOROUGH=1 runs it)';
  test.skipIf(!thorough).each([
    [
      'occasionally changes a byte',
      wrongProxy('if (count % 50 === 0) d[0] ^= 1; u.write(d);'),
      'no byte was lost or crossed',
    ],
    ['dies of a flood', wrongProxy('if (count > 300) process.exit(1); u.write(d);'), 'the proxy stayed up'],
    [
      'keeps sockets of clients that left',
      wrongProxy('u.write(d);', '').replace('c.on("close", () => u.destroy());', ''),
      'no socket stayed behind',
    ],
  ])(
    `a proxy that %s does not hold${reason}`,
    async (_what, command, finding) => {
      expect(failed(await soakCommand(command))).toContain(finding);
    },
    120_000,
  );
});
