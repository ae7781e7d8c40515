/**
 * Makes a submission ready to start, without believing it: nothing but its one file, `#linux` and what Node brings comes
 * into the bundle. A path to the solution, a package, a tsconfig.json or a package.json beside it have no effect, or are
 * refused by name.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { programPath, type Stage } from '../../course/course.ts';
import { BuildFailure, messageLine, options } from '../../lab/build.ts';
import { fromRoot, root } from '../../root.ts';

const linux = join(root, 'linux');
const ours: Record<string, string> = { '#linux': join(linux, 'index.ts'), '#todo': join(root, 'stages', 'todo.ts') };

/**
 * Bundles a submission's file.
 *
 * @param stage what it belongs to: messages name it as the learner does, wherever it lies now
 * @param path of the file
 * @param folder where the bundle goes, and the one package that it needs
 * @returns absolute path of the bundle
 * @throws BuildFailure when it has mistakes that keep it from running
 */
export async function buildSealed(stage: Stage, path: string, folder: string): Promise<string> {
  const { build } = await import('esbuild');
  const { banner, packages: _, ...rest } = options;
  const outfile = join(folder, `${basename(stage.file, '.ts')}.mjs`);
  const home = join(root, 'stages', stage.folder);
  try {
    await build({
      ...rest,
      banner: { js: banner },
      stdin: { contents: readFileSync(path), sourcefile: programPath(stage, 'stages'), loader: 'ts', resolveDir: home },
      tsconfigRaw: {},
      plugins: [onlyOurs(home, fromRoot(programPath(stage, 'stages')))],
      outfile,
      outbase: root,
      absWorkingDir: root,
      logLevel: 'silent',
    });
  } catch (error) {
    if (!Array.isArray((error as { errors?: Message[] }).errors)) throw error;
    throw new BuildFailure((error as { errors: Message[] }).errors.map(messageLine));
  }
  tellLikeLearner(`${outfile}.map`);
  bringKoffi(folder);
  return outfile;
}

/** In the stack of an error a source is to have the name that it has for the learner, and not ours: see `ProgramSpec.cwd`. */
function tellLikeLearner(path: string): void {
  const map = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] };
  const sources = map.sources.map((source) => fromRoot(resolve(dirname(path), source)));
  writeFileSync(path, JSON.stringify({ ...map, sources }));
}

/** What an import leads to. esbuild's own search would find any file of this machine. */
function onlyOurs(home: string, name: string): Plugin {
  const resolveImport = ({ path, importer }: OnResolveArgs): OnResolveResult | undefined => {
    if (path === 'koffi' || path.startsWith('node:') || builtinModules.includes(path)) return { path, external: true };
    if (ours[path] !== undefined) return { path: ours[path] };
    if (importer.startsWith(linux + sep)) return undefined;
    const target = resolve(home, path);
    if (path.startsWith('.') && isOurs(target)) return { path: target };
    return { errors: [{ text: refused(path, target, name) }] };
  };
  return {
    name: 'only-ours',
    setup(build) {
      build.onResolve({ filter: /.*/ }, resolveImport);
    },
  };
}

function isOurs(target: string): boolean {
  return existsSync(target) && (target.startsWith(linux + sep) || target === ours['#todo']);
}

function refused(path: string, target: string, name: string): string {
  if (target.startsWith(join(root, 'solutions') + sep))
    return `it imports the solution ('${path}') instead of being one`;
  const what = path.startsWith('.') || path.startsWith('/') ? 'another file' : 'a package';
  return `'${path}' is ${what}; here ${name} has #linux and what Node brings, nothing else`;
}

/** The package that makes system calls, without its sources: the program may be kept from seeing the workshop's folder. */
function bringKoffi(folder: string): void {
  const packages = join(root, 'node_modules');
  const wanted = ['koffi', ...readdirSync(join(packages, '@koromix')).map((name) => join('@koromix', name))];
  const needless = ['doc', 'vendor', 'lib', 'README.md', 'CHANGELOG.md'];
  for (const name of wanted) {
    const from = join(packages, name);
    cpSync(from, join(folder, 'node_modules', name), {
      recursive: true,
      filter: (file) => !needless.some((needlessName) => file === join(from, needlessName)),
    });
  }
}
