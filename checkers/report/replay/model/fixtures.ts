/** Traces and timelines for tests, in the formats of a program and of the harness. */
import { type Call, cleanCall, cleanOutside, type Outside } from './events.ts';

/** Lines of a trace. Each takes 0.1 ms and begins 1 ms after the one before, unless told otherwise. */
export function traceOf(...lines: Record<string, unknown>[]): Call[] {
  return lines.map((line, index) => {
    const place = { file: 'stages/x/proxy.ts', line: 10 + index, fn: 'main' };
    const call = cleanCall({ ms: index + 1, took: 0.1, fd: -1, args: {}, result: 0, ...place, ...line });
    if (call === undefined) throw new Error(`no call: ${JSON.stringify(line)}`);
    return call;
  });
}

/** Entries of a timeline: [ms, who, what, bytes]. */
export function timelineOf(...entries: [ms: number, who: string, what: Outside['what'], bytes?: number][]): Outside[] {
  return entries.map(([ms, who, what, bytes]) => {
    const event = cleanOutside({ ms, who, what, bytes });
    if (event === undefined) throw new Error(`no event: ${who} ${what}`);
    return event;
  });
}

/** A proxy that listens on fd 3 with epoll 4, and has linked client 1 (fd 5) to upstream 1 (fd 6). */
export const linked: Record<string, unknown>[] = [
  { call: 'socket', args: { domain: 2, type: 1, protocol: 0 }, result: 3 },
  { call: 'bind', fd: 3, args: { address: '0.0.0.0', port: 8080 } },
  { call: 'listen', fd: 3, args: { backlog: 4096 } },
  { call: 'epoll_create1', args: { flags: 0 }, result: 4 },
  { call: 'epoll_ctl', fd: 3, args: { epfd: 4, operation: 1, events: 1, data: 3 } },
  { call: 'epoll_wait', fd: 4, args: { maxevents: 64, timeout: -1 }, result: 1, events: [{ fd: 3, events: 1 }] },
  { call: 'accept', fd: 3, result: 5 },
  { call: 'socket', args: { domain: 2, type: 1, protocol: 0 }, result: 6 },
  { call: 'connect', fd: 6, args: { address: '127.0.0.1', port: 3000 } },
  { call: 'epoll_ctl', fd: 5, args: { epfd: 4, operation: 1, events: 1, data: 5 } },
  { call: 'epoll_ctl', fd: 6, args: { epfd: 4, operation: 1, events: 1, data: 6 } },
];
