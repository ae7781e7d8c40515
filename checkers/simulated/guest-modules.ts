/** Node, as far as a simulated program may import it. What is missing here refuses with a sentence. */
import * as path from './node-path.ts';

/** A check that cannot be judged in the simulation, whatever the program does. */
export class OnlyOnLinux extends Error {
  override readonly name = 'OnlyOnLinux';
}

/** Something in the program keeps it from running in the simulation. */
export class CannotSimulate extends Error {
  override readonly name = 'CannotSimulate';
}

/** The program's own file: `import.meta.url` names it. */
export const PROGRAM_FILE = '/workshop/program.mjs';

/**
 * @param print takes what the program writes to a descriptor
 * @param refuse ends the check without a verdict
 */
export function guestModules(
  print: (fd: number, text: string) => void,
  refuse: (error: Error) => never,
): Record<string, unknown> {
  const refuseProcess = (): never =>
    refuse(new OnlyOnLinux('only on real Linux: the program starts processes of its own'));
  const fs = {
    realpathSync: (name: unknown) => String(name),
    writeSync: (fd: number, text: unknown) => {
      print(fd, String(text));
      return String(text).length;
    },
    existsSync: () => false,
  };
  const url = {
    fileURLToPath: (name: unknown) => String(name).replace(/^file:\/\//, ''),
    pathToFileURL: (name: unknown) => ({ href: `file://${name}` }),
  };
  const buffer = { Buffer };
  const children = {
    spawn: refuseProcess,
    fork: refuseProcess,
    exec: refuseProcess,
    execFile: refuseProcess,
    spawnSync: refuseProcess,
    execSync: refuseProcess,
  };
  const modules: Record<string, unknown> = { fs, url, path, buffer, child_process: children };
  return Object.fromEntries(
    Object.entries(modules).flatMap(([name, module]) => [
      [name, module],
      [`node:${name}`, module],
    ]),
  );
}
