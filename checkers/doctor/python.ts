import { fetchDirectly } from '../harness/http.ts';
import { findOnPath, startFileServer } from '../harness/python.ts';
import { onListening } from '../kernel/listening.ts';
import { takePortBlock } from '../kernel/ports.ts';
import type { Finding, Probe, Surroundings } from './finding.ts';
import { howToInstall } from './install.ts';
import { runTool } from './run-tool.ts';

const without = 'http-server, which is installed, takes its place as the file server';

/** python3, and its file server: started, and asked for a page. */
export const pythonProbe: Probe = {
  name: 'python3',
  async look(surroundings) {
    const { platform, reaper, deadlineMs } = surroundings;
    const get = howToInstall('python3', platform);
    const python = findOnPath('python3');
    if (python === undefined) return { state: 'lacking', says: 'not installed', without, get };
    const { code, stdout } = await runTool([python, '--version'], deadlineMs / 2, reaper);
    if (code !== 0) return { state: 'lacking', says: `${python} does not start`, without: brokenPython, get };
    const version = stdout.trim().replace('Python ', '');
    return (await serves(surroundings))
      ? { state: 'works', says: `${version}, and its file server answers` }
      : fails(version);
  },
};

const brokenPython = 'npm run upstream and the check that compares pages will fail';

function fails(version: string): Finding {
  const get = 'try it by hand: python3 -m http.server 3000';
  return { state: 'lacking', says: `${version}, but its file server does not answer`, without: brokenPython, get };
}

async function serves({ reaper, deadlineMs }: Surroundings): Promise<boolean> {
  const block = await takePortBlock();
  const port = block.take();
  const server = startFileServer(port, reaper);
  let stop = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), deadlineMs / 2);
  });
  const answered = new Promise<void>((resolve) => {
    stop = onListening(port, resolve);
  })
    .then(() => fetchDirectly('/', port))
    .then(({ head }) => head.toString('latin1').startsWith('HTTP/1.0 200'));
  const gone = new Promise<boolean>((resolve) => server.process.once('exit', () => resolve(false)));
  try {
    return await Promise.race([answered, late, gone]).catch(() => false);
  } finally {
    clearTimeout(timer);
    stop();
    server.dispose();
    block.release();
  }
}
