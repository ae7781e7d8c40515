import { findOnPath } from '../harness/python.ts';
import { unshareArguments } from '../run/namespace.ts';
import type { Probe } from './finding.ts';
import { howToInstall } from './install.ts';
import { runTool } from './run-tool.ts';

const slow = 'a program with fixed ports is judged one check at a time, on the real ports 8080 and 3000';

/** A separate network for each check of a program with fixed ports. */
export const namespacesProbe: Probe = {
  name: 'Namespaces',
  async look({ platform, reaper, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: "there are none: they are Linux's", without: slow };
    if (findOnPath('unshare') === undefined) {
      return {
        state: 'lacking',
        says: 'there is no unshare',
        without: slow,
        get: howToInstall('util-linux', platform),
      };
    }
    const { code } = await runTool(['unshare', ...unshareArguments(), 'true'], deadlineMs, reaper);
    if (code === 0) return { state: 'works', says: 'each check can have its own network' };
    const get = 'in a container: start it with --security-opt seccomp=unconfined';
    return { state: 'lacking', says: 'this machine does not let us make networks', without: slow, get };
  },
};

const open = 'nothing here needs it; but do not run programs that you do not trust';

/** bubblewrap, which isolates a program from the machine. */
export const bubblewrapProbe: Probe = {
  name: 'Sandbox',
  async look({ platform, reaper, deadlineMs }) {
    if (platform !== 'linux') return { state: 'lacking', says: "there is none: bwrap is Linux's", without: open };
    const get = howToInstall('bubblewrap', platform);
    if (findOnPath('bwrap') === undefined) return { state: 'lacking', says: 'no bwrap', without: open, get };
    const argv = ['bwrap', '--ro-bind', '/', '/', '--unshare-net', '--die-with-parent', 'true'];
    const { code } = await runTool(argv, deadlineMs, reaper);
    if (code === 0) return { state: 'works', says: 'bwrap can wall a program off' };
    return { state: 'lacking', says: 'bwrap is installed, but not allowed to do its work here', without: open };
  },
};
