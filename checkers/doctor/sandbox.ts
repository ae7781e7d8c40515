import { ask } from '../lab/ask.ts';
import { findOnPath } from '../lab/python.ts';
import { text } from '../messages/index.ts';
import { unshareArguments } from '../run/namespace.ts';
import type { Probe } from './finding.ts';
import { howToInstall } from './install.ts';

const slow = text.doctor.programWithFixedPorts;

/** A separate network for each check of a program with fixed ports. */
export const namespacesProbe: Probe = {
  name: 'Namespaces',
  async look({ platform, guardian, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: text.doctor.namespacesAreLinuxs, without: slow };
    if (findOnPath('unshare') === undefined) {
      return {
        state: 'lacking',
        says: text.doctor.thereIsNoUnshare,
        without: slow,
        get: howToInstall('util-linux', platform),
      };
    }
    const { code } = await ask(['unshare', ...unshareArguments(), 'true'], deadlineMs, guardian);
    if (code === 0) return { state: 'works', says: text.doctor.eachCheckCanHave };
    const get = text.doctor.startUnconfined;
    return { state: 'lacking', says: text.doctor.thisMachineDoesNot, without: slow, get };
  },
};

const open = text.doctor.nothingHereNeedsBut;

/** bubblewrap, which isolates a program from the machine. */
export const bubblewrapProbe: Probe = {
  name: 'Sandbox',
  async look({ platform, guardian, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: text.doctor.bwrapIsLinuxs, without: open };
    const get = howToInstall('bubblewrap', platform);
    if (findOnPath('bwrap') === undefined) return { state: 'lacking', says: text.doctor.noBwrap, without: open, get };
    const argv = ['bwrap', '--ro-bind', '/', '/', '--unshare-net', '--die-with-parent', 'true'];
    const { code } = await ask(argv, deadlineMs, guardian);
    if (code === 0) return { state: 'works', says: text.doctor.bwrapCanWallProgram };
    return { state: 'lacking', says: text.doctor.bwrapIsInstalledBut, without: open };
  },
};
