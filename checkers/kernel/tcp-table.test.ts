import { existsSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SocketDiag } from './socket-diag.ts';
import { type TcpRow, TcpState } from './tcp-row.ts';
import {
  addressInWords,
  listenersInTables,
  parseRow,
  reachableFromLoopback,
  readListeners,
  readTcpTable,
  rowInTables,
  socketsOf,
} from './tcp-table.ts';

const rest = '00000007:0000000C 00:00000000 00000000  1000        0 52417 1 0000000000000000 100 0 0 10 0';
const IPV6 = {
  any: '00000000000000000000000000000000',
  loopback: '00000000000000000000000001000000',
  mappedLoopback: '0000000000000000FFFF00000100007F',
};

describe('a row of the kernel’s table', () => {
  it('gives address, ports, state and inode of an IPv4 socket', () => {
    expect(parseRow(`   3: 0100007F:1F90 0200A8C0:D431 01 ${rest}`)).toEqual([
      {
        localAddress: '127.0.0.1',
        localPort: 8080,
        remotePort: 54321,
        state: TcpState.ESTABLISHED,
        unread: 12,
        unsent: 7,
        inode: '52417',
      },
    ]);
  });

  it('gives the same for an IPv6 socket, with the address in the kernel’s form', () => {
    const line = ` 123: ${IPV6.mappedLoopback}:0BB8 ${IPV6.any}:0000 0A ${rest}`;
    expect(parseRow(line)).toEqual([
      {
        localAddress: IPV6.mappedLoopback,
        localPort: 3000,
        remotePort: 0,
        state: TcpState.LISTEN,
        unread: 12,
        unsent: 7,
        inode: '52417',
      },
    ]);
  });

  it.each([[''], ['   '], ['garbage']])('is nothing in %j', (line) => {
    expect(parseRow(line)).toEqual([]);
  });
});

describe('a client on 127.0.0.1', () => {
  const listening = (address: string, state = '0A') => parseRow(`0: ${address}:1F90 00000000:0000 ${state} ${rest}`);

  it.each([
    ['0.0.0.0', '00000000', true],
    ['127.0.0.1', '0100007F', true],
    ['::', IPV6.any, true],
    ['::ffff:127.0.0.1', IPV6.mappedLoopback, true],
    ['::1', IPV6.loopback, false],
    ['192.168.0.2', '0200A8C0', false],
  ])('reaches a socket that listens on %s: %s is %s', (_name, address, reaches) => {
    expect(listening(address).map(reachableFromLoopback)).toEqual([reaches]);
  });

  it('reaches no socket that does not listen', () => {
    expect(listening('0100007F', '01').map(reachableFromLoopback)).toEqual([false]);
  });
});

/** Listens on a free port, and closes everything when the test ends. */
async function listen(host: string): Promise<number> {
  const accepted: Socket[] = [];
  const server = createServer((socket) => accepted.push(socket));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    for (const socket of accepted) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

function fail(): never {
  throw new Error('there is no such connection');
}

describe.skipIf(!existsSync('/proc/net/tcp'))('on this machine', () => {
  it('a socket that listens is found, with the inode that its process has open', async () => {
    const port = await listen('127.0.0.1');
    for (const rows of [readListeners(), readTcpTable()]) {
      const found = rows.filter((row) => row.localPort === port);
      expect(found).toMatchObject([{ localAddress: '127.0.0.1', state: TcpState.LISTEN }]);
      expect(socketsOf(process.pid)).toContain(found[0]?.inode);
    }
  });

  it.skipIf(!existsSync('/proc/net/tcp6'))('one that listens for IPv6 and IPv4 at once is found, too', async () => {
    const port = await listen('::');
    expect(readListeners().filter((row) => row.localPort === port && reachableFromLoopback(row))).toHaveLength(1);
  });

  it.skipIf(!existsSync('/proc/net/tcp6'))('one that takes IPv6 alone on :: is out of reach', async () => {
    const kernel = await SocketDiag.open();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen({ port: 0, host: '::', ipv6Only: true }, resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const rows = kernel.listeners().filter((row) => row.localPort === port);
    expect(rows.map((row) => [reachableFromLoopback(row), addressInWords(row)])).toEqual([[false, '::']]);
    const both = await listen('::');
    expect(kernel.listeners().filter((row) => row.localPort === both && reachableFromLoopback(row))).toHaveLength(1);
  });

  it('listeners are found among many connections, all of them and nothing else', async () => {
    const first = await listen('127.0.0.1');
    await Promise.all(Array.from({ length: 300 }, () => connectTo(first)));
    const last = await listen('127.0.0.1');
    const rows = readListeners();
    expect(rows.map((row) => row.localPort)).toEqual(expect.arrayContaining([first, last]));
    expect(rows.every((row) => row.state === TcpState.LISTEN)).toBe(true);
    expect(readTcpTable().filter((row) => row.localPort === first).length).toBeGreaterThan(300);
  });

  it('the kernel says the same when it is asked as in its tables', async () => {
    const kernel = await SocketDiag.open();
    const ports = [await listen('127.0.0.1'), await listen('::'), await listen('::1')];
    const [first = 0] = ports;
    await connectTo(first);
    const ours = (rows: TcpRow[]) =>
      rows.filter(({ localPort }) => ports.includes(localPort)).sort((a, b) => a.localPort - b.localPort);
    expect(ours(listenersInTables())).toHaveLength(3);
    expect(ours(kernel.listeners())).toEqual(ours(listenersInTables()));
    expect(kernel.listeners().every(({ state }) => state === TcpState.LISTEN)).toBe(true);
  });

  it.each(['127.0.0.1', '::'])(
    'the kernel knows both ends of a connection to %s, and what is unread there',
    async (host) => {
      const kernel = await SocketDiag.open();
      const there = { address: '127.0.0.1', port: await listen(host) };
      const socket = await connectTo(there.port);
      const here = { address: '127.0.0.1', port: socket.localPort ?? 0 };
      await new Promise((resolve) => socket.write('never read by us!', resolve));
      const { localAddress: _, ...asked } = kernel.connection(there, here) ?? fail();
      const { localAddress: __, ...read } = rowInTables(there.port, here.port) ?? fail();
      expect(asked).toEqual(read);
      expect(asked).toMatchObject({ unread: 17, state: TcpState.ESTABLISHED });
      expect(kernel.connection(here, there)).toEqual(rowInTables(here.port, there.port));
      socket.resetAndDestroy();
      await new Promise((resolve) => socket.once('close', resolve));
      for (const [one, other] of [
        [here, there],
        [there, here],
      ] as const) {
        expect(kernel.connection(one, other)).toBeUndefined();
      }
    },
  );

  it('a listener is gone from the list as soon as it is closed', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(readListeners().map((row) => row.localPort)).not.toContain(port);
  });

  it('nothing is known of the sockets of a process that does not exist', () => {
    expect(socketsOf(4_194_305)).toBeUndefined();
  });
});
