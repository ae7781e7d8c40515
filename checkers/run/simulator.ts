/**
 * Builds the simulator: the checks and the harness as they are, on the simulated machine of checkers/simulated. `await` becomes
 * a generator, whose steps the simulator takes in virtual time while the learner's program waits in a system call.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { root, workshopFolder } from '../root.ts';

/** Where the simulator's own file takes the place of one that knows real processes and sockets. */
const REPLACED: Record<string, string> = {
  'checkers/root.ts': 'root.ts',
  'checkers/harness/holder.ts': 'proc.ts',
  'checkers/harness/payload.ts': 'payload.ts',
  'checkers/harness/program.ts': 'program.ts',
  'checkers/harness/python.ts': 'python.ts',
  'checkers/harness/workers.ts': 'workers.ts',
  'checkers/kernel/listening.ts': 'listening.ts',
  'checkers/kernel/lost-time.ts': 'lost-time.ts',
  'checkers/kernel/own-sockets.ts': 'proc.ts',
  'checkers/kernel/process-tree.ts': 'proc.ts',
  'checkers/kernel/system-call.ts': 'proc.ts',
  'checkers/kernel/tcp-table.ts': 'proc.ts',
  'checkers/run/started-files.ts': 'started-files.ts',
  'checkers/trace/trace-file.ts': 'trace-file.ts',
  '#linux': 'harness-linux.ts',
  'node:fs': 'node-fs.ts',
  'node:net': 'node-net.ts',
  'node:os': 'node-os.ts',
  'node:path': 'node-path.ts',
  'node:timers/promises': 'node-timers-promises.ts',
};

/** Names that are global in Node, and the simulator's own in the bundle. */
const GLOBALS = 'Promise, setTimeout, clearTimeout, setImmediate, performance, Date, process';

const folder = 'checkers/simulated';

const replacing: Plugin = {
  name: 'simulated',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ path, resolveDir, importer }) => {
      const own = path.startsWith('.') ? relative(root, resolve(resolveDir, path)) : path;
      const replacement = REPLACED[own];
      if (replacement === undefined || join(root, folder, replacement) === importer) return undefined;
      return { path: join(root, folder, replacement) };
    });
  },
};

/**
 * Builds the simulator, unless it is there.
 *
 * @returns path of a module that exports `judge`: see checkers/simulated/judge.ts
 */
export async function buildSimulator(): Promise<string> {
  const place = join(workshopFolder, 'simulator');
  const outfile = join(place, `${fingerprint()}.mjs`);
  if (existsSync(outfile)) return outfile;
  const { build } = await import('esbuild');
  mkdirSync(place, { recursive: true });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${folder}/index.ts`],
    write: false,
    logLevel: 'silent',
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'simulator',
    target: 'es2022',
    supported: { 'async-await': false },
    keepNames: false,
    plugins: [replacing],
    // Some modules look at the platform while they load.
    banner: { js: `let ${GLOBALS} = { platform: 'linux', arch: 'x64', env: {} };` },
    footer: { js: `({ ${GLOBALS} } = simulator.globals);\nexport const { judge } = simulator;` },
  });
  writeWhole(outfile, outputFiles[0]?.text ?? '');
  for (const name of readdirSync(place)) if (name !== basename(outfile)) rmSync(join(place, name), { force: true });
  return outfile;
}

/** Two commands may build at once. */
function writeWhole(path: string, text: string): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, path);
}

/** Changes whenever a file does that may be in the bundle. */
function fingerprint(): string {
  const hash = createHash('sha1');
  for (const place of ['linux', 'checkers']) addTo(hash, join(root, place));
  return hash.digest('hex').slice(0, 12);
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const entries = readdirSync(path, { withFileTypes: true });
  for (const entry of entries) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) addTo(hash, inner);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) {
      const { size, mtimeMs } = statSync(inner);
      hash.update(`${inner} ${size} ${mtimeMs}\n`);
    }
  }
}
