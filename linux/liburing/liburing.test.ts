/** Requests and completions on the real kernel. */
import { describe, expect, test } from 'vitest';
import { AF_INET, close, EPOLLIN, errno, SHUT_WR, SOCK_STREAM, shutdown, sockaddr_in } from '#linux';
import {
  boundSocket,
  closeNow,
  connectedPair,
  listeningSocket,
  opened,
  received,
  resetNow,
  sent,
  tcpSocket,
} from '../fixtures.ts';
import { answers, answersNow, ask, expectSilence, newRing, refusal } from './fixtures.ts';
import {
  IORING_ASYNC_CANCEL_ALL,
  IORING_CQE_BUFFER_SHIFT,
  IORING_CQE_F_BUFFER,
  IORING_CQE_F_MORE,
  IORING_SETUP_CQSIZE,
  IOSQE_BUFFER_SELECT,
  IOSQE_CQE_SKIP_SUCCESS,
  IOSQE_FIXED_FILE,
  IOSQE_IO_LINK,
  IoUring,
  type IoUringBufRing,
  io_uring_buf_ring_add,
  io_uring_buf_ring_advance,
  io_uring_cq_ready,
  io_uring_get_sqe,
  io_uring_prep_accept,
  io_uring_prep_cancel_fd,
  io_uring_prep_cancel64,
  io_uring_prep_close,
  io_uring_prep_close_direct,
  io_uring_prep_connect,
  io_uring_prep_link_timeout,
  io_uring_prep_multishot_accept,
  io_uring_prep_multishot_accept_direct,
  io_uring_prep_nop,
  io_uring_prep_poll_multishot,
  io_uring_prep_recv,
  io_uring_prep_recv_multishot,
  io_uring_prep_send,
  io_uring_prep_send_zc,
  io_uring_prep_shutdown,
  io_uring_prep_socket,
  io_uring_prep_timeout,
  io_uring_queue_exit,
  io_uring_queue_init,
  io_uring_queue_init_params,
  io_uring_register_files_sparse,
  io_uring_setup_buf_ring,
  io_uring_sq_ready,
  io_uring_sqe_set_buf_group,
  io_uring_sqe_set_flags,
  io_uring_submit,
  io_uring_timespec,
  strerrorname_np,
} from './index.ts';

/** A multishot receive from a group of buffers. */
function receiveInto(ring: IoUring, fd: number, group: IoUringBufRing, data: number): void {
  ask(ring, data, (sqe) => {
    io_uring_prep_recv_multishot(sqe, fd, null, 0, 0);
    io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
    io_uring_sqe_set_buf_group(sqe, group.bgid);
  });
}

function groupOf(ring: IoUring, count: number, size: number): IoUringBufRing {
  const group = io_uring_setup_buf_ring(ring, count, 7, size);
  expect(group, errno()).not.toBeNull();
  return group as IoUringBufRing;
}

/** The bytes that a completion brought. */
function textIn(group: IoUringBufRing, { res, flags }: { res: number; flags: number }): string {
  expect(flags & IORING_CQE_F_BUFFER).not.toBe(0);
  return (group.buffers[flags >>> IORING_CQE_BUFFER_SHIFT] as Buffer).toString('latin1', 0, res);
}

describe.skipIf(refusal !== '')(`io_uring${refusal}`, () => {
  describe('the queues', () => {
    test('a request completes with its user data, the largest too', () => {
      const ring = newRing();
      ask(ring, Number.MAX_SAFE_INTEGER, io_uring_prep_nop);
      ask(ring, 2 ** 32, io_uring_prep_nop);
      expect(io_uring_sq_ready(ring)).toBe(2);
      expect(answers(ring, 2)).toEqual([
        { user_data: Number.MAX_SAFE_INTEGER, res: 0, flags: 0 },
        { user_data: 2 ** 32, res: 0, flags: 0 },
      ]);
      expect(io_uring_sq_ready(ring)).toBe(0);
      expect(io_uring_cq_ready(ring)).toBe(0);
    });

    test('a full submission queue gives no request until it is submitted', () => {
      const ring = newRing(4);
      for (let i = 0; i < 4; i += 1) ask(ring, i, io_uring_prep_nop);
      expect(io_uring_get_sqe(ring)).toBeNull();
      expect(io_uring_submit(ring)).toBe(4);
      expect(io_uring_get_sqe(ring)).not.toBeNull();
    });

    test('more completions than there is room for are kept', () => {
      const ring = newRing(8);
      for (let round = 0; round < 8; round += 1) {
        for (let i = 0; i < 8; i += 1) ask(ring, round * 8 + i, io_uring_prep_nop);
        expect(io_uring_submit(ring)).toBe(8);
      }
      expect(answers(ring, 64).map(({ user_data }) => user_data)).toEqual(Array.from({ length: 64 }, (_, i) => i));
    });

    test('the numbers of both queues wrap around', () => {
      const ring = newRing(2);
      for (let i = 0; i < 5000; i += 1) {
        ask(ring, i, io_uring_prep_nop);
        expect(answers(ring, 1)[0]?.user_data).toBe(i);
      }
    });

    test('the completion queue has the size that was asked for', () => {
      const ring = new IoUring();
      expect(io_uring_queue_init_params(4, ring, { flags: IORING_SETUP_CQSIZE, cq_entries: 64 })).toBe(0);
      expect(ring.cqMask).toBe(63);
      io_uring_queue_exit(ring);
    });

    test('refusals: errors of the kernel, and arguments that C would not take', () => {
      expect(io_uring_queue_init(0, new IoUring(), 0)).toBe(-1);
      expect(errno()).toBe('EINVAL');
      expect(() => io_uring_queue_init(8, {} as IoUring, 0)).toThrow('new IoUring()');
      expect(() => io_uring_queue_init('8' as never, new IoUring(), 0)).toThrow('entries');
      const ring = newRing();
      expect(io_uring_setup_buf_ring(ring, 3, 0, 64)).toBeNull();
      expect(errno()).toBe('EINVAL');
      const sqe = io_uring_get_sqe(ring);
      if (sqe === null) expect.fail();
      expect(() => io_uring_prep_send(sqe, 3, Buffer.alloc(4), 5, 0)).toThrow("at most the buffer's 4 bytes");
      expect(() => io_uring_prep_send(sqe, 3, 'text' as never, 4, 0)).toThrow('buf');
      expect(() => io_uring_prep_connect(sqe, 3, 'localhost' as never)).toThrow('addr');
    });

    test('a ring that was given back can be given back again, and has no descriptor', () => {
      const ring = newRing();
      io_uring_queue_exit(ring);
      io_uring_queue_exit(ring);
      expect(ring.fd).toBe(-1);
      expect(io_uring_get_sqe(ring)).toBeNull();
    });
  });

  describe('sockets', () => {
    test('accept, connect, send, receive, shut down, close: one completion each', () => {
      const ring = newRing();
      const { fd, port } = listeningSocket();
      ask(ring, 1, (sqe) => io_uring_prep_accept(sqe, fd, null, null, 0));
      ask(ring, 2, (sqe) => io_uring_prep_socket(sqe, AF_INET, SOCK_STREAM, 0, 0));
      const [made] = answers(ring, 1);
      expect(made?.user_data).toBe(2);
      const client = opened(made?.res ?? -1);
      const address = sockaddr_in('127.0.0.1', port);
      ask(ring, 3, (sqe) => io_uring_prep_connect(sqe, client, address));
      const both = answers(ring, 2);
      expect(both.map(({ user_data }) => user_data).sort()).toEqual([1, 3]);
      const server = both.find(({ user_data }) => user_data === 1)?.res ?? -1;
      const [into, text] = [Buffer.alloc(16), Buffer.from('hello')];
      ask(ring, 4, (sqe) => io_uring_prep_recv(sqe, server, into, 16, 0));
      ask(ring, 5, (sqe) => io_uring_prep_send(sqe, client, text, 5, 0));
      expect(answers(ring, 2).map(({ res }) => res)).toEqual([5, 5]);
      expect(into.toString('latin1', 0, 5)).toBe('hello');
      ask(ring, 6, (sqe) => io_uring_prep_shutdown(sqe, client, SHUT_WR));
      ask(ring, 7, (sqe) => io_uring_prep_recv(sqe, server, into, 16, 0));
      expect(answers(ring, 2).map(({ res }) => res)).toEqual([0, 0]);
      ask(ring, 8, (sqe) => io_uring_prep_close(sqe, server));
      expect(answers(ring, 1)[0]?.res).toBe(0);
      expect(received(client)).toBe('');
    });

    test('a refused handshake, and a descriptor that is none', () => {
      const ring = newRing();
      const { port } = boundSocket();
      const address = sockaddr_in('127.0.0.1', port);
      ask(ring, 1, (sqe) => io_uring_prep_connect(sqe, tcpSocket(), address));
      ask(ring, 2, (sqe) => io_uring_prep_close(sqe, 999_999));
      const names = answers(ring, 2).map(({ user_data, res }) => [user_data, strerrorname_np(-res)]);
      expect(Object.fromEntries(names)).toEqual({ 1: 'ECONNREFUSED', 2: 'EBADF' });
    });

    test('one accept for many clients, until it is cancelled', () => {
      const ring = newRing();
      const { fd, port } = listeningSocket();
      ask(ring, 1, (sqe) => io_uring_prep_multishot_accept(sqe, fd, null, null, 0));
      for (let i = 0; i < 3; i += 1) {
        const address = sockaddr_in('127.0.0.1', port);
        ask(ring, 2, (sqe) => io_uring_prep_connect(sqe, tcpSocket(), address));
      }
      const accepted = answers(ring, 6).filter(({ user_data }) => user_data === 1);
      for (const { res, flags } of accepted) {
        opened(res);
        expect(flags & IORING_CQE_F_MORE).not.toBe(0);
      }
      expect(accepted.length).toBe(3);
      ask(ring, 3, (sqe) => io_uring_prep_cancel64(sqe, 1, 0));
      const ends = Object.fromEntries(answers(ring, 2).map(({ user_data, res, flags }) => [user_data, [res, flags]]));
      expect(ends[3]).toEqual([0, 0]);
      expect([strerrorname_np(-(ends[1]?.[0] ?? 0)), ends[1]?.[1]]).toEqual(['ECANCELED', 0]);
    });

    test('a zero-copy send completes twice: the result, and the end of the use of its buffer', () => {
      const ring = newRing();
      const { client, server } = connectedPair();
      const bytes = Buffer.alloc(800, 'z');
      ask(ring, 1, (sqe) => io_uring_prep_send_zc(sqe, client, bytes, bytes.length, 0, 0));
      const [result, notice] = answers(ring, 2);
      expect([result?.res, (result?.flags ?? 0) & IORING_CQE_F_MORE]).toEqual([800, IORING_CQE_F_MORE]);
      expect([notice?.user_data, notice?.flags]).toEqual([1, 8]);
      expect(received(server)).toBe('z'.repeat(800));
    });

    test('a poll for many events', () => {
      const ring = newRing();
      const { client, server } = connectedPair();
      ask(ring, 1, (sqe) => io_uring_prep_poll_multishot(sqe, server, EPOLLIN));
      expectSilence(ring);
      for (const text of ['a', 'b']) {
        sent(client, text);
        const [event] = answers(ring, 1);
        expect([(event?.res ?? 0) & EPOLLIN, (event?.flags ?? 0) & IORING_CQE_F_MORE]).toEqual([1, 2]);
        expect(received(server)).toBe(text);
      }
    });
  });

  describe('groups of buffers', () => {
    test('a multishot receive takes one buffer each time, and says which', () => {
      const ring = newRing();
      const group = groupOf(ring, 4, 64);
      const { client, server } = connectedPair();
      receiveInto(ring, server, group, 1);
      for (const text of ['one', 'two']) {
        sent(client, text);
        const [cqe] = answers(ring, 1);
        expect(cqe && textIn(group, cqe)).toBe(text);
        expect((cqe?.flags ?? 0) & IORING_CQE_F_MORE).not.toBe(0);
      }
      shutdown(client, SHUT_WR);
      const [end] = answers(ring, 1);
      expect([end?.res, (end?.flags ?? 0) & IORING_CQE_F_MORE]).toEqual([0, 0]);
    });

    test('without a buffer it ends with ENOBUFS; the bytes stay in the socket', () => {
      const ring = newRing();
      const group = groupOf(ring, 1, 4);
      const { client, server } = connectedPair();
      sent(client, 'aaaabbbb');
      receiveInto(ring, server, group, 1);
      const [first, second] = answers(ring, 2);
      expect(first && textIn(group, first)).toBe('aaaa');
      expect([strerrorname_np(-(second?.res ?? 0)), second?.flags]).toEqual(['ENOBUFS', expect.any(Number)]);
      expect((second?.flags ?? 0) & IORING_CQE_F_MORE).toBe(0);
      io_uring_buf_ring_add(group, 0);
      io_uring_buf_ring_advance(group, 1);
      receiveInto(ring, server, group, 2);
      const [third] = answers(ring, 1);
      expect(third && textIn(group, third)).toBe('bbbb');
    });

    test('a reset ends it with the error', () => {
      const ring = newRing();
      const group = groupOf(ring, 2, 64);
      const { client, server } = connectedPair();
      receiveInto(ring, server, group, 1);
      expectSilence(ring);
      resetNow(client);
      const [end] = answers(ring, 1);
      expect([strerrorname_np(-(end?.res ?? 0)), (end?.flags ?? 0) & IORING_CQE_F_MORE]).toEqual(['ECONNRESET', 0]);
    });

    test('65,536 buffers handed back: the tail wraps around', () => {
      const ring = newRing();
      const group = groupOf(ring, 2, 8);
      const { client, server } = connectedPair();
      for (let i = 0; i < 65_600; i += 1) {
        // As if the kernel had used it: each of the two, in turn.
        group.tail = (group.tail + 2) & 0xffff;
      }
      io_uring_buf_ring_advance(group, 0);
      receiveInto(ring, server, group, 1);
      sent(client, 'x');
      const [cqe] = answers(ring, 1);
      expect(cqe && textIn(group, cqe)).toBe('x');
    });
  });

  describe('time, links and cancellation', () => {
    test('a timeout completes with ETIME', () => {
      const ring = newRing();
      const ts = io_uring_timespec(30);
      ask(ring, 1, (sqe) => io_uring_prep_timeout(sqe, ts, 0, 0));
      const before = performance.now();
      const [cqe] = answers(ring, 1);
      expect(strerrorname_np(-(cqe?.res ?? 0))).toBe('ETIME');
      expect(performance.now() - before).toBeGreaterThan(25);
    });

    test('a linked timeout cancels the request before it', () => {
      const ring = newRing();
      const { server } = connectedPair();
      const [into, ts] = [Buffer.alloc(8), io_uring_timespec(20)];
      ask(ring, 1, (sqe) => {
        io_uring_prep_recv(sqe, server, into, 8, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
      });
      ask(ring, 2, (sqe) => io_uring_prep_link_timeout(sqe, ts, 0));
      const names = answers(ring, 2).map(({ user_data, res }) => [user_data, strerrorname_np(-res)]);
      expect(Object.fromEntries(names)).toEqual({ 1: 'ECANCELED', 2: 'ETIME' });
    });

    test('a link that fails cancels what follows; success can be kept quiet', () => {
      const ring = newRing();
      const { client, server } = connectedPair();
      const text = Buffer.from('quiet');
      ask(ring, 1, (sqe) => {
        io_uring_prep_send(sqe, client, text, 5, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_CQE_SKIP_SUCCESS);
      });
      ask(ring, 2, (sqe) => {
        io_uring_prep_close(sqe, 999_999);
        io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
      });
      ask(ring, 3, io_uring_prep_nop);
      const names = answers(ring, 2).map(({ user_data, res }) => [user_data, strerrorname_np(-res)]);
      expect(Object.fromEntries(names)).toEqual({ 2: 'EBADF', 3: 'ECANCELED' });
      expect(received(server)).toBe('quiet');
    });

    test('all requests of a descriptor are cancelled, and only those', () => {
      const ring = newRing();
      const [one, two] = [connectedPair(), connectedPair()];
      const [a, b, c] = [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)] as const;
      ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, one.server, a, 8, 0));
      ask(ring, 2, (sqe) => io_uring_prep_recv(sqe, one.server, b, 8, 0));
      ask(ring, 3, (sqe) => io_uring_prep_recv(sqe, two.server, c, 8, 0));
      ask(ring, 4, (sqe) => io_uring_prep_cancel_fd(sqe, one.server, IORING_ASYNC_CANCEL_ALL));
      const results = Object.fromEntries(answers(ring, 3).map(({ user_data, res }) => [user_data, res]));
      expect(results[4]).toBe(2);
      expect([results[1], results[2]].map((res) => strerrorname_np(-(res ?? 0)))).toEqual(['ECANCELED', 'ECANCELED']);
      sent(two.client, 'still');
      expect(answers(ring, 1)).toMatchObject([{ user_data: 3, res: 5 }]);
    });
  });

  describe('registered descriptors', () => {
    test('accepted into the table, used from it, closed in it', () => {
      const ring = newRing();
      expect(io_uring_register_files_sparse(ring, 4), errno()).toBe(0);
      const { fd, port } = listeningSocket();
      const client = tcpSocket();
      const address = sockaddr_in('127.0.0.1', port);
      ask(ring, 1, (sqe) => io_uring_prep_multishot_accept_direct(sqe, fd, null, null, 0));
      ask(ring, 2, (sqe) => io_uring_prep_connect(sqe, client, address));
      const index = answers(ring, 2).find(({ user_data }) => user_data === 1)?.res ?? -1;
      expect(index).toBe(0);
      const text = Buffer.from('direct');
      ask(ring, 3, (sqe) => {
        io_uring_prep_send(sqe, index, text, 6, 0);
        io_uring_sqe_set_flags(sqe, IOSQE_FIXED_FILE);
      });
      expect(answers(ring, 1)[0]?.res).toBe(6);
      expect(received(client)).toBe('direct');
      ask(ring, 4, (sqe) => io_uring_prep_close_direct(sqe, index));
      expect(answers(ring, 1)[0]?.res).toBe(0);
      expect(received(client)).toBe('');
    });

    test('a second table is refused', () => {
      const ring = newRing();
      expect(io_uring_register_files_sparse(ring, 4)).toBe(0);
      expect(io_uring_register_files_sparse(ring, 4)).toBe(-1);
      expect(errno()).toBe('EBUSY');
      expect(io_uring_register_files_sparse(ring, 0)).toBe(-1);
      expect(errno()).toBe('EINVAL');
    });
  });

  test('what a request names is kept: its buffer may be forgotten', () => {
    const ring = newRing();
    const { client, server } = connectedPair();
    let into: Buffer | null = Buffer.alloc(16);
    ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, server, into as Buffer, 16, 0));
    io_uring_submit(ring);
    into = null;
    expect(ring.pinned.size).toBeGreaterThan(0);
    sent(client, 'kept');
    expect(answers(ring, 1)[0]?.res).toBe(4);
  });

  test('a ring that is given back lets go of the connections of its requests', () => {
    const ring = newRing();
    const { client, server } = connectedPair();
    const into = Buffer.alloc(16);
    ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, server, into, 16, 0));
    io_uring_submit(ring);
    closeNow(server);
    io_uring_queue_exit(ring);
    expect(received(client)).toBe('');
    expect(answersNow(newRing())).toEqual([]);
    expect(close(-1)).toBe(-1);
  });
});
