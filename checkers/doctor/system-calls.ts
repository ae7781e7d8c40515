import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask } from '../lab/ask.ts';
import { root } from '../root.ts';
import type { Finding, Probe } from './finding.ts';

const names: Record<string, string> = { darwin: 'macOS', win32: 'Windows', linux: 'Linux' };

/** In a process of its own: a koffi that does not fit this machine can take its process down with it. */
const program = `
import { AF_INET, SOCK_STREAM, epoll_create1, errno, socket } from '#linux';
const [one, other] = [socket(AF_INET, SOCK_STREAM, 0), epoll_create1(0)];
console.log(one >= 0 && other >= 0 ? 'both were made' : 'no: ' + errno());
`;

/** The system calls that learners' programs make: koffi loads, and the kernel gives a socket and an epoll instance. */
export const systemCallsProbe: Probe = {
  name: 'System calls',
  async look({ platform, guardian, deadlineMs }) {
    if (platform !== 'linux') return elsewhere(platform);
    const tsx = pathToFileURL(join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs')).href;
    const argv = [process.execPath, '--import', tsx, '--input-type=module', '--eval', program];
    const { code, stdout, stderr, late } = await ask(argv, deadlineMs, guardian, root);
    if (code === 0 && stdout.includes('both were made')) {
      return { state: 'works', says: 'a socket and an epoll instance were made' };
    }
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
