/** The command that installs a program on this system. */
import { findOnPath } from '../harness/python.ts';

/** The known package managers and their commands. */
const managers: [program: string, command: string][] = [
  ['apt-get', 'apt-get install'],
  ['dnf', 'dnf install'],
  ['pacman', 'pacman -S'],
  ['zypper', 'zypper install'],
  ['apk', 'apk add'],
];

/** Packages that have another name elsewhere: for 'python3' pacman says 'python'. */
const otherNames: Record<string, Record<string, string>> = {
  pacman: { python3: 'python' },
  brew: { python3: 'python' },
};

/**
 * The command that installs a package.
 *
 * @param name as Debian calls it
 * @param platform as in process.platform
 * @returns 'sudo apt-get install strace'; words where no package manager is known
 */
export function howToInstall(name: string, platform: string): string {
  if (platform === 'darwin') return `brew install ${otherNames.brew?.[name] ?? name}`;
  if (platform === 'win32') return `install ${name} inside WSL: see docs/other-systems.md`;
  const manager = managers.find(([program]) => findOnPath(program) !== undefined);
  if (manager === undefined) return `install the package ${name} of your system`;
  const [program, command] = manager;
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  return `${sudo}${command} ${otherNames[program]?.[name] ?? name}`;
}
