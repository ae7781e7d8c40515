/** Sockets in a trace that do not belong to the check. */
import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../contract/trace-record.ts';
import { parseStrace } from './strace.ts';
import { ofTheCheck } from './trace-sockets.ts';

const ports = { proxy: 8080, upstream: 3000 };

const to = (port: number): string =>
  `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}, 16`;

function left(lines: string[]): TraceRecord[] {
  const numbered = lines.map((line, index) => `7 ${index + 1}.0 ${line}`).join('\n');
  return ofTheCheck(
    parseStrace(numbered, (seconds) => seconds * 1000),
    ports,
  );
}

const said = (lines: string[]): string[] => left(lines).map(({ call, fd }) => `${call} ${fd}`);

const PAIR = [
  'socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3',
  `bind(3, ${to(8080)}) = 0`,
  'listen(3, 128) = 0',
  'accept4(3, NULL, NULL, SOCK_CLOEXEC) = 4',
  'socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_IP) = 5',
  `connect(5, ${to(3000)}) = -1 EINPROGRESS (Operation now in progress)`,
];
const SAID = ['socket -1', 'bind 3', 'listen 3', 'accept 3', 'socket -1', 'connect 5'];

describe('of the sockets of a proxy', () => {
  it('those of its pairs stay', () => {
    expect(said(PAIR)).toEqual(SAID);
  });

  it.each([
    ['UDP', 'socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_UDP) = 6', `connect(6, ${to(8125)}) = 0`],
    ['UDP to the port of the upstream', 'socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6', `connect(6, ${to(3000)}) = 0`],
    [
      'UNIX',
      'socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC, 0) = 6',
      'connect(6, {sa_family=AF_UNIX, sun_path="\\x2f"}, 110) = 0',
    ],
    [
      'netlink',
      'socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC, NETLINK_ROUTE) = 6',
      'bind(6, {sa_family=AF_NETLINK}, 12) = 0',
    ],
    ['metrics', 'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 6', `connect(6, ${to(9125)}) = 0`],
  ])('%s vanishes, and so do its bytes', (_name, made, connected) => {
    const other = [made, connected, 'sendto(6, "\\x68", 1, 0, NULL, 0) = 1', 'read(6, "\\x68", 9) = 1', 'close(6) = 0'];
    expect(said([...PAIR, ...other])).toEqual(SAID);
  });

  it('both ends of a socketpair vanish', () => {
    const other = ['socketpair(AF_UNIX, SOCK_STREAM, 0, [6, 7]) = 0', 'write(6, "\\x68", 1) = 1', 'close(7) = 0'];
    expect(said([...PAIR, ...other])).toEqual(SAID);
  });

  it('a foreign listening socket vanishes with its connections', () => {
    const other = [
      'socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 6',
      `bind(6, ${to(9100)}) = 0`,
      'listen(6, 9) = 0',
      'accept(6, NULL, NULL) = 7',
      'write(7, "\\x68", 1) = 1',
    ];
    expect(said([...PAIR, ...other])).toEqual(SAID);
  });

  it('a reused number is the new socket', () => {
    const other = [
      'socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6',
      'close(6) = 0',
      'accept(3, NULL, NULL) = 6',
      'read(6, "\\x68", 9) = 1',
    ];
    expect(said([...PAIR, ...other])).toEqual([...SAID, 'accept 3', 'recv 6']);
  });

  it('a wait keeps the events of pairs', () => {
    const udp = 'socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 6';
    const both =
      'poll([{fd=4, events=POLLIN}, {fd=6, events=POLLIN}], 2, -1) = 2 ([{fd=4, revents=POLLIN}, {fd=6, revents=POLLIN}])';
    const alone = 'poll([{fd=6, events=POLLIN}], 1, 5000) = 1 ([{fd=6, revents=POLLIN}])';
    expect(left([...PAIR, udp, both]).at(-1)).toMatchObject({
      call: 'poll',
      watched: [{ fd: 4, events: 1 }],
      events: [{ fd: 4, events: 1 }],
    });
    expect(said([...PAIR, udp, alone])).toEqual(SAID);
  });

  it('a wrong port stays where the right one was never tried: that is the mistake', () => {
    expect(said(['socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 6', `connect(6, ${to(3001)}) = 0`])).toEqual([
      'socket -1',
      'connect 6',
    ]);
  });
});
