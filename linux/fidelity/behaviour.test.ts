/** docs/reference/behaviour.md, line by line: each on the real kernel and on the simulated one. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import * as real from '#linux';
import { Kernel } from '../simulated/kernel.ts';
import { type Linux, linuxOf } from '../simulated/linux.ts';

const page = readFileSync(new URL('../../docs/reference/behaviour.md', import.meta.url), 'utf8');

function simulated(): Linux {
  const kernel = new Kernel();
  return linuxOf(kernel, kernel.newProcess('program'));
}

const { EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLET, MSG_DONTWAIT, SOL_SOCKET } = real;
const LINGER_ZERO = Buffer.from('0100000000000000', 'hex');
/** Longer than Linux delays an acknowledgement, in ms. */
const A_MOMENT = 1000;

describe.each([
  ['real', (): Linux => real],
  ['simulated', simulated],
])('on the %s kernel', (_kind, kernel) => {
  const open: { linux: Linux; fd: number }[] = [];

  afterEach(() => {
    for (const { linux, fd } of open.splice(0)) linux.close(fd);
  });

  function start() {
    const linux = kernel();
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
    return { linux, keep, close, socket, nameOf, listener, clientOf, pair, reset, send, recv, watch, wait, error };
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
});
