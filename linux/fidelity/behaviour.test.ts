/** docs/reference/behaviour.md, line by line: each on the real kernel and on the simulated one. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import * as real from '#linux';
import { Kernel } from '../simulated/kernel.ts';
import { type Linux, linuxOf } from '../simulated/linux.ts';

const page = readFileSync(new URL('../../docs/reference/behaviour.md', import.meta.url), 'utf8');

/** The two kernels, and how SIGSTOP and SIGCONT reach the program, 100 and 200 ms later. */
interface Machine {
  linux: Linux;
  stopLater(): void;
}

function simulatedMachine(): Machine {
  const kernel = new Kernel();
  const process = kernel.newProcess('program');
  const stopLater = (): void => {
    kernel.scheduler.post('shell', 100, () => process.signal('SIGSTOP'));
    kernel.scheduler.post('shell', 200, () => process.signal('SIGCONT'));
  };
  return { linux: linuxOf(kernel, process), stopLater };
}

function realMachine(): Machine {
  const stopLater = (): void => {
    const { pid } = process;
    spawn('sh', ['-c', `sleep 0.1; kill -STOP ${pid}; sleep 0.1; kill -CONT ${pid}`], { stdio: 'ignore' });
  };
  return { linux: real, stopLater };
}

const { EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLET, MSG_DONTWAIT, SOL_SOCKET } = real;
const LINGER_ZERO = Buffer.from('0100000000000000', 'hex');
/** Options and flags that #linux does not export. See socket(7), tcp(7), recv(2). */
const SO_RCVTIMEO = 20;
const TCP_CORK = 3;
const MSG_WAITALL = 0x100;

/** struct timeval. */
function timeval(seconds: number, micros: number): Buffer {
  const value = Buffer.alloc(16);
  value.writeBigInt64LE(BigInt(seconds), 0);
  value.writeBigInt64LE(BigInt(micros), 8);
  return value;
}

/** Longer than Linux delays an acknowledgement, in ms. */
const A_MOMENT = 1000;

describe.each([
  ['real', realMachine],
  ['simulated', simulatedMachine],
])('on the %s kernel', (_kind, machine) => {
  const open: { linux: Linux; fd: number }[] = [];

  afterEach(() => {
    for (const { linux, fd } of open.splice(0)) linux.close(fd);
  });

  function start() {
    const { linux, stopLater } = machine();
    const keep = (fd: number): number => {
      expect(fd, linux.errno()).toBeGreaterThan(-1);
      open.push({ linux, fd });
      return fd;
    };
    const close = (fd: number): void => {
      open.splice(
        open.findIndex((other) => other.fd === fd),
        1,
      );
      expect(linux.close(fd)).toBe(0);
    };
    const socket = (flags = 0): number => keep(linux.socket(real.AF_INET, real.SOCK_STREAM | flags, 0));
    const nameOf = (fd: number): Buffer => {
      const name = Buffer.alloc(16);
      expect(linux.getsockname(fd, name)).toBe(0);
      return name;
    };
    const listener = (fd = socket()): number => {
      expect(linux.listen(fd, 128)).toBe(0);
      return fd;
    };
    const clientOf = (fd: number): number => {
      const client = socket();
      expect(linux.connect(client, linux.sockaddr_in('127.0.0.1', linux.parse_sockaddr_in(nameOf(fd)).port))).toBe(0);
      return client;
    };
    const pair = () => {
      const fd = listener();
      const client = clientOf(fd);
      return { client, server: keep(linux.accept(fd)) };
    };
    const reset = (fd: number): void => {
      expect(linux.setsockopt(fd, SOL_SOCKET, real.SO_LINGER, LINGER_ZERO)).toBe(0);
      close(fd);
    };
    const send = (fd: number, text: string) =>
      expect(linux.send(fd, Buffer.from(text), text.length, 0)).toBe(text.length);
    const recv = (fd: number, length = 8): number | string => {
      const count = linux.recv(fd, Buffer.alloc(length), length, MSG_DONTWAIT);
      return count === -1 ? linux.errno() : count;
    };
    const watch = (events: number, ...fds: number[]): number => {
      const epfd = keep(linux.epoll_create1(0));
      for (const fd of fds) expect(linux.epoll_ctl(epfd, real.EPOLL_CTL_ADD, fd, { events, data: { fd } })).toBe(0);
      return epfd;
    };
    const wait = (epfd: number, most = 8, timeout = 0): [fd: number, events: number][] => {
      const events: real.EpollEvent[] = [];
      linux.epoll_wait(epfd, events, most, timeout);
      return events.map(({ data, events }) => [data.fd, events]);
    };
    const error = (fd: number): number => {
      const value = Buffer.alloc(4);
      expect(linux.getsockopt(fd, SOL_SOCKET, real.SO_ERROR, value)).toBe(0);
      return value.readInt32LE();
    };
    return {
      linux,
      stopLater,
      keep,
      close,
      socket,
      nameOf,
      listener,
      clientOf,
      pair,
      reset,
      send,
      recv,
      watch,
      wait,
      error,
    };
  }

  /** A fact with its line in the page. */
  function fact(name: string, body: () => void): void {
    test(name, () => {
      expect(page, 'docs/reference/behaviour.md').toContain(`\`${name}\``);
      body();
    });
  }

  fact('shutdown before listen', () => {
    const { linux, socket, listener, clientOf, watch, wait, recv } = start();
    const fd = socket();
    expect([linux.shutdown(fd, real.SHUT_WR), linux.errno()]).toEqual([-1, 'ENOTCONN']);
    const client = clientOf(listener(fd));
    expect(wait(watch(EPOLLRDHUP, client), 1, A_MOMENT)).toEqual([[client, EPOLLRDHUP]]);
    expect(recv(client)).toBe(0);
  });

  fact('edge for our own end', () => {
    const { linux, pair, watch, wait, recv } = start();
    const { client, server } = pair();
    const epfd = watch(EPOLLOUT | EPOLLET, client);
    expect(wait(epfd)).toEqual([[client, EPOLLOUT]]);
    linux.shutdown(client, real.SHUT_WR);
    expect(wait(epfd).length).toBe(1);
    expect(recv(server)).toBe(0);
    // The peer's acknowledgement came later than the call: one more edge, unless it came within it.
    wait(epfd, 8, 50);
    expect(wait(epfd)).toEqual([]);
  });

  fact('an edge tells all that is ready', () => {
    const { pair, send, watch, wait } = start();
    const { client, server } = pair();
    const epfd = watch(EPOLLIN | EPOLLOUT | EPOLLET, server);
    expect(wait(epfd)).toEqual([[server, EPOLLOUT]]);
    send(client, 'x');
    expect(wait(epfd)).toEqual([[server, EPOLLIN | EPOLLOUT]]);
  });

  fact('read of nothing', () => {
    const { linux, pair, recv } = start();
    const { client } = pair();
    expect(linux.read(client, Buffer.alloc(1), 0)).toBe(0);
    expect(recv(client, 0)).toBe('EAGAIN');
  });

  fact('bytes before a reset', () => {
    const { pair, send, reset, recv } = start();
    const { client, server } = pair();
    send(client, 'abc');
    reset(client);
    expect([recv(server), recv(server), recv(server)]).toEqual([3, 'ECONNRESET', 0]);
  });

  fact('reset after the end', () => {
    const { linux, pair, reset, recv, error } = start();
    const { client, server } = pair();
    linux.shutdown(client, real.SHUT_WR);
    reset(client);
    expect([recv(server), linux.strerror(error(server))]).toEqual([0, 'Broken pipe']);
  });

  fact('a dead connection is accepted', () => {
    const { linux, listener, clientOf, reset, keep, recv } = start();
    const fd = listener();
    reset(clientOf(fd));
    expect(recv(keep(linux.accept(fd)))).toBe('ECONNRESET');
  });

  fact('SHUT_RD stops nothing', () => {
    const { linux, pair, send, recv } = start();
    const { client, server } = pair();
    linux.shutdown(server, real.SHUT_RD);
    expect(recv(server)).toBe(0);
    send(client, 'abc');
    expect([recv(server), recv(server)]).toEqual([3, 0]);
  });

  fact('events after close', () => {
    const { linux, pair, send, watch, wait, keep, close } = start();
    const { client, server } = pair();
    const epfd = watch(EPOLLIN, server);
    keep(linux.fcntl(server, 0, 0));
    close(server);
    send(client, 'x');
    expect(wait(epfd)).toEqual([[server, EPOLLIN]]);
    const event = { events: EPOLLIN, data: { fd: server } };
    expect([linux.epoll_ctl(epfd, real.EPOLL_CTL_DEL, server, event), linux.errno()]).toEqual([-1, 'EBADF']);
  });

  fact('the last reported comes last', () => {
    const { pair, send, watch, wait } = start();
    const [one, two, three] = [pair(), pair(), pair()];
    const fds = [one, two, three].map(({ server }) => server);
    const epfd = watch(EPOLLIN, ...fds);
    for (const { client } of [three, one, two]) send(client, 'x');
    const order = [1, 1, 1, 1].map((most) => wait(epfd, most)[0]?.[0]);
    expect(order).toEqual([fds[2], fds[0], fds[1], fds[2]]);
  });

  fact('a full pipe hides the end', () => {
    const { linux, pair, keep, close } = start();
    const { client, server } = pair();
    const ends: number[] = [];
    expect(linux.pipe2(ends, real.O_NONBLOCK)).toBe(0);
    const [out, into] = ends.map(keep) as [number, number];
    while (linux.write(into, Buffer.alloc(4096), 4096) > 0) {}
    close(client);
    const move = () => linux.splice(server, null, into, null, 100, real.SPLICE_F_NONBLOCK);
    expect([move(), linux.errno()]).toEqual([-1, 'EAGAIN']);
    expect(linux.read(out, Buffer.alloc(4096), 4096)).toBe(4096);
    expect(move()).toBe(0);
  });

  fact('connect to a refused port again', () => {
    const { linux, socket, error, wait, watch } = start();
    const [client, bound] = [socket(real.SOCK_NONBLOCK), socket()];
    expect(linux.bind(bound, linux.sockaddr_in('127.0.0.1', 0))).toBe(0);
    const name = Buffer.alloc(16);
    linux.getsockname(bound, name);
    expect([linux.connect(client, name), linux.errno()]).toEqual([-1, 'EINPROGRESS']);
    expect(wait(watch(EPOLLOUT, client), 1, A_MOMENT)[0]?.[1]).toBe(EPOLLOUT | EPOLLHUP | real.EPOLLERR);
    expect(linux.strerror(error(client))).toBe('Connection refused');
    // The error was taken by SO_ERROR: connect() has to invent one, then begins anew.
    expect([linux.connect(client, name), linux.errno()]).toEqual([-1, 'ECONNABORTED']);
    expect([linux.connect(client, name), linux.errno()]).toEqual([-1, 'EINPROGRESS']);
  });

  fact('the peer hears of shutdown first', () => {
    const { linux, pair, watch, wait } = start();
    const { client, server } = pair();
    const epfd = watch(EPOLLIN, server, client);
    linux.shutdown(server, real.SHUT_RDWR);
    expect(wait(epfd).map(([fd]) => fd)).toEqual([client, server]);
  });

  fact('a stop interrupts some calls', () => {
    const { linux, stopLater, pair, send, watch } = start();
    const { client, server } = pair();
    const epfd = watch(EPOLLIN, server);
    stopLater();
    expect([linux.epoll_wait(epfd, [], 8, 5000), linux.errno()]).toEqual([-1, 'EINTR']);
    expect(linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(5, 0))).toBe(0);
    stopLater();
    expect([linux.recv(server, Buffer.alloc(1), 1, 0), linux.errno()]).toEqual([-1, 'EINTR']);
    send(client, 'x');
    expect(linux.recv(server, Buffer.alloc(1), 1, 0)).toBe(1);
  });

  fact('time limits of sockets', () => {
    const { linux, pair } = start();
    const { server } = pair();
    const value = Buffer.alloc(16);
    expect(linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 1))).toBe(0);
    expect(linux.getsockopt(server, SOL_SOCKET, SO_RCVTIMEO, value)).toBe(0);
    expect(value.readInt32LE(8)).toBeGreaterThanOrEqual(1000);
    expect(linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(-1, 0))).toBe(0);
    expect([linux.recv(server, value, 1, 0), linux.errno()]).toEqual([-1, 'EAGAIN']);
    expect([linux.setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, timeval(0, 1_000_000)), linux.errno()]).toEqual([
      -1,
      'EDOM',
    ]);
  });

  fact('shared ports', () => {
    const { linux, keep, socket, nameOf, listener, clientOf } = start();
    const [one, other] = [socket(real.SOCK_NONBLOCK), socket(real.SOCK_NONBLOCK)];
    for (const fd of [one, other]) expect(linux.setsockopt(fd, SOL_SOCKET, real.SO_REUSEPORT, 1)).toBe(0);
    expect(linux.bind(one, linux.sockaddr_in('127.0.0.1', 0))).toBe(0);
    expect(linux.bind(other, nameOf(one))).toBe(0);
    for (const fd of [one, other]) listener(fd);
    // The first one is served at once, the other one never: both get their share.
    let served = 0;
    for (let count = 0; count < 40; count += 1) {
      clientOf(one);
      const fd = linux.accept(one);
      if (fd === -1) continue;
      keep(fd);
      served += 1;
    }
    expect(served).toBeGreaterThan(0);
    expect(served).toBeLessThan(40);
  });

  fact('MSG_WAITALL does not insist', () => {
    const { linux, pair, send, recv } = start();
    const { client, server } = pair();
    send(client, 'abc');
    expect(linux.recv(server, Buffer.alloc(8), 8, MSG_WAITALL | MSG_DONTWAIT)).toBe(3);
    send(client, 'abc');
    linux.shutdown(client, real.SHUT_WR);
    expect([linux.recv(server, Buffer.alloc(8), 8, MSG_WAITALL), recv(server)]).toEqual([3, 0]);
  });

  fact('TCP_NODELAY beats TCP_CORK', () => {
    const { linux, pair, send, recv } = start();
    const { client, server } = pair();
    expect(linux.setsockopt(client, real.IPPROTO_TCP, TCP_CORK, 1)).toBe(0);
    send(client, 'abc');
    expect(recv(server)).toBe('EAGAIN');
    expect(linux.setsockopt(client, real.IPPROTO_TCP, real.TCP_NODELAY, 1)).toBe(0);
    expect(recv(server)).toBe(3);
  });
});
