import { expect, test } from 'vitest';
import { parse_sockaddr_in, SOCKADDR_IN_LENGTH, sockaddr_in } from '#linux';

test('an address is 16 bytes: family in the order of the machine, port and address in that of the network', () => {
  expect(sockaddr_in('127.0.0.1', 8080).toString('hex')).toBe('02001f907f0000010000000000000000');
  expect(sockaddr_in('0.0.0.0', 0)).toHaveLength(SOCKADDR_IN_LENGTH);
});

test.each([
  ['0.0.0.0', 0],
  ['192.168.1.200', 255],
  ['255.255.255.255', 65535],
])('%s port %i reads back as it was written', (address, port) => {
  expect(parse_sockaddr_in(sockaddr_in(address, port))).toEqual({ address, port });
});

test.each(['', 'localhost', '::1', '127.1', '256.0.0.1', ' 127.0.0.1'])('%j is not an IPv4 address', (address) => {
  expect(() => sockaddr_in(address, 80)).toThrow(RangeError);
});

test.each([-1, 65536, 80.5, Number.NaN])('%d is not a port', (port) => {
  expect(() => sockaddr_in('127.0.0.1', port)).toThrow(`got ${port}`);
  expect(() => sockaddr_in('127.0.0.1', port)).toThrow(RangeError);
});

test('reading stops at bytes that are too few or of another family', () => {
  const tooFew = sockaddr_in('127.0.0.1', 80).subarray(0, 7);
  expect(() => parse_sockaddr_in(tooFew)).toThrow(RangeError);
  expect(() => parse_sockaddr_in(Buffer.alloc(0))).toThrow(RangeError);
  const ipv6 = Buffer.alloc(28);
  ipv6.writeUInt16LE(10);
  expect(() => parse_sockaddr_in(ipv6)).toThrow(RangeError);
});
