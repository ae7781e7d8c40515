import { join } from 'node:path';
import { ask } from '../lab/ask.ts';
import { text } from '../messages/index.ts';
import { root } from '../root.ts';
import type { Finding, Probe } from './finding.ts';

const names: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };

/** The system calls that learners' programs make: koffi loads, and the kernel gives a socket and an epoll instance. */
export const systemCallsProbe: Probe = {
  name: text.doctor.systemCalls,
  async look({ platform, guardian, deadlineMs }) {
    if (platform !== 'linux') return elsewhere(platform);
    // In a separate process: a koffi that does not fit this machine can crash its process.
    const argv = [process.execPath, join(root, 'scripts', 'start.mjs'), 'system-calls-worker'];
    const { code, stdout, stderr, late } = await ask(argv, deadlineMs, guardian, root);
    if (code === 0) return { state: 'works', says: text.doctor.socketAndEpollInstance };
    const why = late
      ? text.doctor.noAnswer
      : (stdout.trim() || (stderr.split('\n').find((line) => /Error|error/.test(line)) ?? '')).trim();
    return {
      state: 'broken',
      says: text.doctor.theyCannotBeMade(why || text.doctor.exitCode(code)),
      without: text.doctor.noProgramCourseRuns,
      get: text.doctor.deleteNodeModulesAnd,
    };
  },
};

function elsewhere(platform: string): Finding {
  return {
    state: 'broken',
    says: text.doctor.theyAreLinuxsAnd(names[platform] ?? platform),
    without: platform === 'win32' ? text.doctor.lessonsAndNpmRun : text.doctor.programsInOtherLanguages,
    get: text.doctor.linuxBesideYourSystem,
  };
}
