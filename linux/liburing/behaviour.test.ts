/** What io_uring does that one would not guess: docs/reference/behaviour.md, second table, line by line. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { errno, MSG_DONTWAIT, recv, SHUT_WR, shutdown } from '#linux';
import { closeNow, connectedPair, received, sent, tcpSocket } from '../fixtures.ts';
import { answers, ask, expectSilence, newRing, refusal } from './fixtures.ts';
import {
  IORING_CQE_F_MORE,
  IORING_CQE_F_SOCK_NONEMPTY,
  IOSQE_BUFFER_SELECT,
  IOSQE_IO_LINK,
  io_uring_prep_nop,
  io_uring_prep_recv,
  io_uring_prep_recv_multishot,
  io_uring_prep_shutdown,
  io_uring_setup_buf_ring,
  io_uring_sqe_set_buf_group,
  io_uring_sqe_set_flags,
  io_uring_submit,
  io_uring_submit_and_wait_timeout,
  strerrorname_np,
} from './index.ts';

const page = readFileSync(new URL('../../docs/reference/behaviour.md', import.meta.url), 'utf8');

test('the page names each experiment', () => {
  const named = [...page.matchAll(/\| `ring: ([^`]+)`/g)].map(([, name]) => name);
  expect(named).toEqual([
    'the last receive is served first',
    'time ran out, and the result says 1',
    'a failed shutdown does not break its link',
    'close does not end a receive',
    'the end says that there is more',
  ]);
});

describe.skipIf(refusal !== '')(`ring:${refusal}`, () => {
  test('the last receive is served first', () => {
    const ring = newRing();
    const { client, server } = connectedPair();
    const [first, second] = [Buffer.alloc(1), Buffer.alloc(1)] as const;
    ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, server, first, 1, 0));
    ask(ring, 2, (sqe) => io_uring_prep_recv(sqe, server, second, 1, 0));
    expectSilence(ring);
    sent(client, 'ab');
    expect(answers(ring, 2).map(({ user_data }) => user_data)).toEqual([2, 1]);
    expect([first.toString(), second.toString()]).toEqual(['b', 'a']);
  });

  test('time ran out, and the result says 1', () => {
    const ring = newRing();
    const { server } = connectedPair();
    const into = Buffer.alloc(1);
    ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, server, into, 1, 0));
    expect(io_uring_submit_and_wait_timeout(ring, 1, 20)).toBe(1);
    expect(io_uring_submit_and_wait_timeout(ring, 1, 20)).toBe(-1);
    expect(errno()).toBe('ETIME');
  });

  test('a failed shutdown does not break its link', () => {
    const ring = newRing();
    const unconnected = tcpSocket();
    ask(ring, 1, (sqe) => {
      io_uring_prep_shutdown(sqe, unconnected, SHUT_WR);
      io_uring_sqe_set_flags(sqe, IOSQE_IO_LINK);
    });
    ask(ring, 2, io_uring_prep_nop);
    const names = answers(ring, 2).map(({ user_data, res }) => [user_data, strerrorname_np(-res)]);
    expect(names).toEqual([
      [1, 'ENOTCONN'],
      [2, 'errno 0'],
    ]);
  });

  test('close does not end a receive', () => {
    const ring = newRing();
    const { client, server } = connectedPair();
    const into = Buffer.alloc(8);
    ask(ring, 1, (sqe) => io_uring_prep_recv(sqe, server, into, 8, 0));
    io_uring_submit(ring);
    closeNow(server);
    expectSilence(ring);
    expect(recv(client, Buffer.alloc(1), 1, MSG_DONTWAIT)).toBe(-1);
    expect(errno()).toBe('EAGAIN');
    sent(client, 'late');
    expect(answers(ring, 1)).toMatchObject([{ user_data: 1, res: 4 }]);
    expect(into.toString('latin1', 0, 4)).toBe('late');
    expect(received(client)).toBe('');
  });

  test('the end says that there is more', () => {
    const ring = newRing();
    const { client, server } = connectedPair();
    expect(io_uring_setup_buf_ring(ring, 2, 0, 8)).not.toBeNull();
    shutdown(client, SHUT_WR);
    ask(ring, 1, (sqe) => {
      io_uring_prep_recv_multishot(sqe, server, null, 0, 0);
      io_uring_sqe_set_flags(sqe, IOSQE_BUFFER_SELECT);
      io_uring_sqe_set_buf_group(sqe, 0);
    });
    const [end] = answers(ring, 1);
    expect(end?.res).toBe(0);
    expect((end?.flags ?? 0) & (IORING_CQE_F_MORE | IORING_CQE_F_SOCK_NONEMPTY)).toBe(IORING_CQE_F_SOCK_NONEMPTY);
  });
});
