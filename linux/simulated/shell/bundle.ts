/** A learner's file and what it imports, as one script that runProgram() takes. */
import { buildSync } from 'esbuild';

/** @param file its path; '#linux' and the modules of Node stay to be required */
export function bundleProgram(file: string): string {
  const { outputFiles } = buildSync({
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    external: ['#linux'],
  });
  return outputFiles[0]?.text ?? '';
}
