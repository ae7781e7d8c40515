/** Switches on the loopback interface, which is down in a new network namespace. See netdevice(7). */
import { AF_INET, close, errno, SOCK_STREAM, socket, strerror } from '#linux';
import { bindCall } from '../../linux/libc.ts';

const SIOCSIFFLAGS = 0x8914;
const IFF_UP = 0x1;
/** struct ifreq: 16 bytes of name, then a union that begins with the flags. */
const IFREQ_LENGTH = 40;
const NAME_LENGTH = 16;

const ioctl = bindCall<[number, number, ...unknown[]]>('int ioctl(int fd, unsigned long op, ...)');

/** Brings up the loopback interface of the namespace that this process is in. */
export function bringUpLoopback(): void {
  const fd = socket(AF_INET, SOCK_STREAM, 0);
  const request = Buffer.alloc(IFREQ_LENGTH);
  request.write('lo');
  request.writeUInt16LE(IFF_UP, NAME_LENGTH);
  const result = ioctl(fd, SIOCSIFFLAGS, 'void *', request);
  if (result === -1) throw new Error(`could not switch on the loopback interface: ${strerror(errno())}`);
  close(fd);
}
