import { ask } from '../lab/ask.ts';
import { findOnPath } from '../lab/python.ts';
import { text } from '../messages/index.ts';
import type { Probe } from './finding.ts';
import { howToInstall } from './install.ts';

const without = text.doctor.failedChecksProgramsIn;

/** strace, and whether it may trace other processes, which containers often forbid. */
export const straceProbe: Probe = {
  name: 'strace',
  async look({ platform, guardian, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: text.doctor.straceIsLinuxs, without };
    const strace = findOnPath('strace');
    if (strace === undefined) {
      return { state: 'lacking', says: text.doctor.notInstalled, without, get: howToInstall('strace', platform) };
    }
    const { code, late } = await ask([strace, '-qq', '-o', '/dev/null', 'true'], deadlineMs, guardian);
    if (code === 0) return { state: 'works', says: text.doctor.installedAndAllowedTo };
    return {
      state: 'lacking',
      says: late ? text.doctor.installedButDoesNot : text.doctor.installedButNotAllowed,
      without,
      get: text.doctor.startWithPtrace,
    };
  },
};
