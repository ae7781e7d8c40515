/** The theatre: a running proxy, and a page that shows live what it does. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { servedFolder, startFileServer } from '../harness/python.ts';
import { Reaper } from '../harness/reaper.ts';
import { processIds } from '../kernel/process-tree.ts';
import { readListeners } from '../kernel/tcp-table.ts';
import { renderPage } from '../report/replay/render.ts';
import { sourcesFor } from '../report/replay/sources.ts';
import { fromRoot, workshopFolder } from '../root.ts';
import { buildProgram } from '../run/build.ts';
import { Feed } from './feed.ts';
import { TheatreServer } from './server.ts';
import { TraceFollower } from './trace-follower.ts';

export interface TheatreOrder {
  /** absolute path of the program */
  path: string;
  title: string;
  ports: { proxy: number; upstream: number };
}

/** A performance without the proxy itself, which the caller starts. */
export interface Theatre {
  url: string;
  /** how to start the proxy */
  argv: string[];
  env: Record<string, string>;
  /** the folder served on the upstream's port, if we serve it */
  upstream: string | undefined;
  /** to be called when the proxy has ended */
  end(): Promise<void>;
}

/**
 * Builds the program, starts an upstream if none is listening, and opens the page.
 *
 * @throws BuildFailure when the program has mistakes that keep it from running
 */
export async function openTheatre({ path, title, ports }: TheatreOrder): Promise<Theatre> {
  const folder = makeFolder();
  const reaper = new Reaper();
  try {
    const { argv } = await buildProgram(path, folder);
    const needed = !readListeners().some((row) => row.localPort === ports.upstream);
    const fileServer = needed ? startFileServer(ports.upstream, reaper) : undefined;
    // A proxy with several upstreams may connect to any of them.
    const feed = new Feed(process.env.UPSTREAM_PORTS === undefined ? ports.upstream : 0);
    const page = await renderPage({
      kind: 'live',
      title,
      note: noteFor(ports),
      sources: sourcesFor([], { kind: 'file', path }),
    });
    const server = await TheatreServer.start(page, feed);
    const start = monotonicMs();
    feed.addOutside({ ms: 0, who: 'program', what: 'starts' });
    const trace = join(folder, 'trace.jsonl');
    const follower = new TraceFollower(trace, start, (calls) => feed.addCalls(calls, monotonicMs() - start));
    return {
      url: server.url,
      argv,
      env: { PORT: String(ports.proxy), UPSTREAM_PORT: String(ports.upstream), WORKSHOP_TRACE: trace },
      upstream: fileServer && fromRoot(servedFolder),
      async end() {
        follower.stop();
        feed.addOutside({ ms: monotonicMs() - start, who: 'program', what: 'exits' });
        await server.stop();
        fileServer?.dispose();
        reaper.release();
        removeFolder(folder);
      },
    };
  } catch (error) {
    reaper.release();
    removeFolder(folder);
    throw error;
  }
}

/** The addresses to open, and which process the page shows. */
function noteFor({ proxy, upstream }: TheatreOrder['ports']): string {
  const { UPSTREAM_PORTS, WORKERS = '1' } = process.env;
  const open = openHttpLocalhostIn(proxy, UPSTREAM_PORTS?.split(',').join(', ') ?? `${upstream}`);
  return Number(WORKERS) > 1
    ? `${open} Of the ${Number(WORKERS)} processes that share the port you see the first one: clients of the others do not appear.`
    : open;
}

/** A folder for this process; removes those of earlier processes that were killed. */
function makeFolder(): string {
  const all = join(workshopFolder, 'theatre');
  const folder = join(all, String(process.pid));
  mkdirSync(folder, { recursive: true });
  const running = processIds();
  for (const pid of readdirSync(all)) {
    if (running.length > 0 && !running.includes(Number(pid))) removeFolder(join(all, pid));
  }
  return folder;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function openHttpLocalhostIn(proxy: number, upstreams: string): string {
  return `Open http://localhost:${proxy}/ in another window. ${upstreams.includes(',') ? 'The upstreams are on ports' : 'The upstream is on port'} ${upstreams}.`;
}
