/** Switches on the loopback interface, which is down in a new network namespace. See netdevice(7). */
import { AF_INET, close, errno, SOCK_STREAM, socket, strerror } from '#linux';
import { bindCall } from '../../linux/libc.ts';

const SIOCSIFFLAGS = 0x8914;
const SIOCSIFADDR = 0x8916;
const IFF_UP = 0x1;
/** As many bytes as in struct sockaddr_in: the port is 0. */
const SECOND_ADDRESS = Buffer.from([AF_INET, 0, 0, 0, 127, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]);
/** struct ifreq: 16 bytes of name, then a union that begins with the flags. */
const IFREQ_LENGTH = 40;
const NAME_LENGTH = 16;

const ioctl = bindCall<[number, number, ...unknown[]]>('int ioctl(int fd, unsigned long op, ...)');

/**
 * Brings up the loopback interface of the namespace that this process is in, and gives it a second address, 127.0.0.2:
 * where 127.0.0.1 is the only one, getaddrinfo() of glibc with AI_ADDRCONFIG and AF_INET finds no address at all.
 */
export function bringUpLoopback(): void {
  const fd = socket(AF_INET, SOCK_STREAM, 0);
  const flags = Buffer.alloc(2);
  flags.writeUInt16LE(IFF_UP);
  const result = ioctl(fd, SIOCSIFFLAGS, 'void *', interfaceRequest('lo', flags));
  if (result === -1) throw new Error(`could not switch on the loopback interface: ${strerror(errno())}`);
  // Best effort: most programs do without.
  ioctl(fd, SIOCSIFADDR, 'void *', interfaceRequest('lo:1', SECOND_ADDRESS));
  close(fd);
}

function interfaceRequest(name: string, value: Buffer): Buffer {
  const request = Buffer.alloc(IFREQ_LENGTH);
  request.write(name);
  value.copy(request, NAME_LENGTH);
  return request;
}
