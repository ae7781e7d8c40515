import { join } from 'node:path';
import { root } from '../root.ts';
import type { Finding, Probe } from './finding.ts';
import { runTool } from './run-tool.ts';

const names: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };

/** The system calls that learners' programs make: koffi loads, and the kernel gives a socket and an epoll instance. */
export const systemCallsProbe: Probe = {
  name: 'System calls',
  async look({ platform, reaper, deadlineMs }) {
    if (platform !== 'linux') return elsewhere(platform);
    // In a separate process: a koffi that does not fit this machine can crash its process.
    const argv = [process.execPath, join(root, 'scripts', 'start.mjs'), 'system-calls-worker'];
    const { code, stdout, stderr, late } = await runTool(argv, deadlineMs, reaper, root);
    if (code === 0) return { state: 'works', says: 'a socket and an epoll instance were made' };
    const why = late
      ? 'no answer'
      : (stdout.trim() || (stderr.split('\n').find((line) => /Error|error/.test(line)) ?? '')).trim();
    return {
      state: 'broken',
      says: `they cannot be made (${why || `exit code ${code}`})`,
      without: 'no program of the course runs here',
      get: 'delete node_modules and type npm install; in a container, allow epoll and sockets',
    };
  },
};

function elsewhere(platform: string): Finding {
  return {
    state: 'broken',
    says: `they are Linux's, and this machine runs ${names[platform] ?? platform}`,
    without:
      platform === 'win32'
        ? 'the lessons and npm run stage work, but no program can be judged here'
        : 'programs in other languages can be judged here: npm run milestone 1 -- --command "…"',
    get: 'a Linux beside your system, in a few minutes: docs/other-systems.md',
  };
}
