import { findOnPath } from '../harness/python.ts';
import type { Probe } from './finding.ts';
import { howToInstall } from './install.ts';
import { runTool } from './run-tool.ts';

const without = 'failed checks of programs in other languages show no system calls as proof';

/** strace, and whether it may trace other processes, which containers often forbid. */
export const straceProbe: Probe = {
  name: 'strace',
  async look({ platform, reaper, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: "there is none: it is Linux's", without };
    const strace = findOnPath('strace');
    if (strace === undefined) {
      return { state: 'lacking', says: 'not installed', without, get: howToInstall('strace', platform) };
    }
    const { code, late } = await runTool([strace, '-qq', '-o', '/dev/null', 'true'], deadlineMs, reaper);
    if (code === 0) return { state: 'works', says: 'installed, and allowed to look into programs' };
    return {
      state: 'lacking',
      says: late ? 'installed, but it does not answer' : 'installed, but not allowed to look into programs (ptrace)',
      without,
      get: 'in a container: start it with --cap-add=SYS_PTRACE',
    };
  },
};
