/** Opens a page in a browser, if available. */
import { spawn } from 'node:child_process';
import { findOnPath } from '../checkers/harness/python.ts';

/**
 * The command that opens a page; undefined where no person would see it: in CI, over SSH, without a screen.
 *
 * @param target a URL or an absolute path
 * @param env the environment
 * @param platform as in process.platform
 */
export function browserCommand(target: string, env: NodeJS.ProcessEnv, platform: string): string[] | undefined {
  if (env.CI || env.SSH_CONNECTION || env.SSH_TTY) return undefined;
  const chosen = env.BROWSER?.split(':')[0];
  if (chosen)
    return chosen.includes('%s')
      ? chosen.split(' ').map((word) => word.replace('%s', target))
      : [...chosen.split(' '), target];
  if (platform === 'darwin') return ['open', target];
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', target];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', target] : undefined;
}

/** Opens a page, and says whether it tried to. */
export function openInBrowser(target: string): boolean {
  const command = browserCommand(target, process.env, process.platform);
  if (command === undefined) return false;
  const [program = '', ...args] = command;
  if (!program.includes('/') && findOnPath(program) === undefined) return false;
  // Detached: it outlives us, and its output is discarded.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
  return true;
}
