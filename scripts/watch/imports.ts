/** The files that a program consists of, as the bundler finds them. */
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { root } from '../../checkers/root.ts';
import { options } from '../../checkers/run/build.ts';

/** An import may leave these out, or name the JavaScript that TypeScript would become. */
const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs', '.jsx', '.json'];

/** What a program imports, directly or through other files. */
export interface Imports {
  /** absolute paths, also of files that are imported and missing */
  files: string[];
  /** false if a mistake in the program may hide further files */
  complete: boolean;
}

/**
 * Follows the imports of a program. Packages are left out.
 *
 * @param entry absolute path of the program
 */
export async function importsOf(entry: string): Promise<Imports> {
  const { build } = await import('esbuild');
  const { banner, sourcemap, ...rest } = options;
  const files = new Set<string>();
  const recorder: Plugin = {
    name: 'recorder',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: /.*/ }, ({ path }) => {
        files.add(path);
        return undefined;
      });
      // A missing file is never loaded. A symbolic link is loaded under the name of its target.
      onResolve({ filter: /^\.{0,2}\/|^\.{1,2}$/ }, ({ path, resolveDir }) => {
        for (const place of placesOf(resolve(resolveDir, path))) files.add(place);
        return undefined;
      });
    },
  };
  const complete = await build({
    ...rest,
    ...{
      entryPoints: [relative(root, entry)],
      absWorkingDir: root,
      write: false,
      outdir: '.',
      logLevel: 'silent',
      plugins: [recorder],
    },
  }).then(
    () => true,
    () => false,
  );
  return { files: [...files], complete };
}

/** Where the file of an import may be: its path itself, or variants of it. */
function placesOf(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return [path];
  const stems = [path, path.replace(/\.[cm]?jsx?$/, ''), join(path, 'index')];
  return [path, ...stems.flatMap((start) => ENDINGS.map((ending) => start + ending))];
}
