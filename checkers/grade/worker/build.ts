/**
 * Builds an untrusted submission: the bundle contains only its one file, `#linux` and Node's built-in
 * modules. A path to the solution, a package, a tsconfig.json or a package.json beside it have no effect, or are
 * refused by name.
 */
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { programPath, type Stage } from '../../course/course.ts';
import { fromRoot, root } from '../../root.ts';
import { BuildFailure, messageLine, options } from '../../run/build.ts';
import { shown } from '../contract/limits.ts';
import { makeReadable } from '../contract/readable.ts';

/** A virtual namespace for the submission's file: not a folder on disk, so that esbuild looks for no files beside it. */
const NAMESPACE = 'handed-in';
/** A program of this course is built in a twentieth of a second. */
const BUILD_MS = 60_000;
/** A file may have thousands of mistakes; the first ones say it all. */
const MAX_MISTAKES = 12;

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
  const outfile = join(folder, `${basename(stage.file, '.ts')}.mjs`);
  const name = fromRoot(programPath(stage, 'stages'));
  try {
    const inputs = await bundleOrBlame(withoutMaps(readFileSync(path, 'utf8')), stage, outfile);
    mustBeOurs(inputs, name);
  } catch (error) {
    if (!Array.isArray((error as { errors?: Message[] }).errors)) throw error;
    throw new BuildFailure(mistakes((error as { errors: Message[] }).errors, name));
  }
  tellLikeLearner(`${outfile}.map`);
  bringKoffi(folder);
  return outfile;
}

/** A comment may name a source map anywhere on this machine, for example one that never ends. */
function withoutMaps(source: string): string {
  return source.replace(/([#@]\s*sourceMappingURL)=/g, '$1 ');
}

/**
 * Bundles. A first crash of the compiler is not blamed on the file; if it crashes again on the same file, and not on
 * another one, the file is at fault.
 */
async function bundleOrBlame(source: string, stage: Stage, outfile: string): Promise<string[]> {
  try {
    return await bundle(source, stage, outfile);
  } catch (error) {
    if ((error as { errors?: unknown }).errors !== undefined) throw error;
  }
  await bundle('', stage, outfile);
  try {
    return await bundle(source, stage, outfile);
  } catch (error) {
    if ((error as { errors?: unknown }).errors !== undefined) throw error;
    const name = fromRoot(programPath(stage, 'stages'));
    throw new BuildFailure([
      `${name}: the compiler crashed on this file; perhaps something in it is nested too deeply`,
    ]);
  }
}

/** @returns the names of all files that went into it */
async function bundle(source: string, stage: Stage, outfile: string): Promise<string[]> {
  const { build, stop } = await import('esbuild');
  const { banner, packages: _, ...rest } = options;
  const name = fromRoot(programPath(stage, 'stages'));
  const building = build({
    ...rest,
    banner: { js: banner },
    entryPoints: [name],
    tsconfigRaw: {},
    plugins: [onlyOurs(source, name)],
    outfile,
    outbase: root,
    absWorkingDir: root,
    logLevel: 'silent',
    metafile: true,
  });
  const deadline = setTimeout(stop, BUILD_MS);
  try {
    return Object.keys((await building).metafile.inputs);
  } catch (error) {
    // It restarts for the next one.
    if ((error as { errors?: unknown }).errors === undefined) await stop();
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

/** Rejects bundles with files that did not pass our resolver. */
function mustBeOurs(inputs: string[], name: string): void {
  const odd = inputs.find((input) => input !== `${NAMESPACE}:${name}` && !isOurs(resolve(root, input)));
  if (odd !== undefined) throw new BuildFailure([refused(odd, resolve(root, odd), name)]);
}

function mistakes(errors: Message[], name: string): string[] {
  const rest = errors.length - MAX_MISTAKES;
  const lines = errors.slice(0, MAX_MISTAKES).map(({ text, ...error }) => {
    // A path that is put together while the program runs: esbuild would look for all files that it could mean.
    const [, pattern] = /^Could not resolve \w+\("(.*)"\)$/.exec(text) ?? [];
    const said = pattern === undefined ? text : refused(pattern, resolve(root, dirname(name), pattern), name);
    return messageLine({ ...error, text: said }).replace(`${NAMESPACE}:`, '');
  });
  return rest > 0 ? [...lines, `${rest} more like ${rest === 1 ? 'this' : 'these'}`] : lines;
}

/** In the stack of an error a source is to have the name that it has for the learner, and not ours: see `ProgramSpec.cwd`. */
function tellLikeLearner(path: string): void {
  const map = JSON.parse(readFileSync(path, 'utf8')) as { sources: string[] };
  const sources = map.sources.map((source) =>
    source.startsWith(`${NAMESPACE}:`) ? source.slice(NAMESPACE.length + 1) : fromRoot(resolve(dirname(path), source)),
  );
  writeFileSync(path, JSON.stringify({ ...map, sources }));
}

/** Resolves an import. esbuild's own search would find any file of this machine. */
function onlyOurs(source: string, name: string): Plugin {
  const home = join(root, dirname(name));
  const resolveImport = ({ path, importer, kind }: OnResolveArgs): OnResolveResult | undefined => {
    if (kind === 'entry-point') return { path: name, namespace: NAMESPACE };
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
      // Without a resolveDir, import patterns and names of source maps have no base folder.
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, () => ({ contents: source, loader: 'ts' }));
    },
  };
}

function isOurs(target: string): boolean {
  return existsSync(target) && (target.startsWith(linux + sep) || target === ours['#todo']);
}

function refused(path: string, target: string, name: string): string {
  if (target.startsWith(join(root, 'solutions') + sep))
    return `it imports the solution (${shown(path)}) instead of being one`;
  const kind = path.startsWith('.') || path.startsWith('/') ? 'another file' : 'a package';
  return `${shown(path)} is ${kind}; here ${name} has #linux and what Node brings, nothing else`;
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
  // Copies keep the modes of a private clone, but the program may run as another user.
  makeReadable(join(folder, 'node_modules'));
}
