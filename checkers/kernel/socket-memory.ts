/**
 * How much memory the kernel keeps for the sockets of our network namespace: bytes that were sent and not read yet are in
 * no process. See sock_diag(7).
 */
import { HEADER, headed, type SocketDiag } from './socket-diag.ts';

const AF_UNIX = 1;
const INET_FAMILIES = [2, 10];
const [IPPROTO_TCP, IPPROTO_UDP] = [6, 17];
const ANY_STATE = 0xffffffff;

/** struct unix_diag_req, and its requested fields: the length of queues, and the memory charged to the socket. */
const UNIX_REQUEST = HEADER + 24;
const [UDIAG_SHOW_RQLEN, UDIAG_SHOW_MEMINFO] = [0x10, 0x20];
const [UNIX_DIAG_RQLEN, UNIX_DIAG_MEMINFO] = [4, 5];
const UNIX_MESSAGE = 16;

/** struct inet_diag_req_v2, and the attribute with the memory charged to the socket, which a bit requests. */
const INET_REQUEST = HEADER + 56;
const INET_DIAG_SKMEMINFO = 7;
const INET_MESSAGE = 72;

/** Indexes in the list of memory charged to a socket: linux/sock_diag.h. */
const [RMEM_ALLOC, WMEM_ALLOC, WMEM_QUEUED] = [0, 2, 5];
const WORD = 4;

/** In bytes; 0 if the kernel does not tell. */
export function socketBytes(diag: SocketDiag): number {
  const inet = INET_FAMILIES.flatMap((family) => [IPPROTO_TCP, IPPROTO_UDP].map((one) => inetBytes(diag, family, one)));
  return inet.reduce((sum, bytes) => sum + bytes, unixBytes(diag));
}

/** Sent bytes are charged to the sender, and are in the receiver's queue, which alone shows them after the sender's close. */
function unixBytes(diag: SocketDiag): number {
  const request = headed(UNIX_REQUEST);
  request.writeUInt8(AF_UNIX, HEADER);
  request.writeUInt32LE(ANY_STATE, HEADER + 4);
  request.writeUInt32LE(UDIAG_SHOW_RQLEN | UDIAG_SHOW_MEMINFO, HEADER + 12);
  let [charged, queued] = [0, 0];
  dump(diag, request, (message) => {
    charged += wordOf(message, UNIX_MESSAGE, UNIX_DIAG_MEMINFO, WMEM_ALLOC);
    queued += wordOf(message, UNIX_MESSAGE, UNIX_DIAG_RQLEN, 0);
  });
  return Math.max(charged, queued);
}

function inetBytes(diag: SocketDiag, family: number, protocol: number): number {
  const request = headed(INET_REQUEST);
  request.writeUInt8(family, HEADER);
  request.writeUInt8(protocol, HEADER + 1);
  request.writeUInt8(1 << (INET_DIAG_SKMEMINFO - 1), HEADER + 2);
  request.writeUInt32LE(ANY_STATE, HEADER + 4);
  let bytes = 0;
  dump(diag, request, (message) => {
    const charged = (place: number): number => wordOf(message, INET_MESSAGE, INET_DIAG_SKMEMINFO, place);
    bytes += charged(RMEM_ALLOC) + charged(WMEM_QUEUED);
  });
  return bytes;
}

/** A kernel may be built without support for one kind. */
function dump(diag: SocketDiag, request: Buffer, take: (message: Buffer) => void): void {
  try {
    diag.eachAnswer(request, take);
  } catch {
    // Then the amount is unknown.
  }
}

/** One word of an attribute (struct rtattr) after the first `from` bytes of a message; 0 if there is no such attribute. */
function wordOf(message: Buffer, from: number, type: number, place: number): number {
  for (let at = from; at + WORD <= message.length; ) {
    const [length, itsType] = [message.readUInt16LE(at), message.readUInt16LE(at + 2)];
    if (length < WORD) return 0;
    const word = at + WORD * (1 + place);
    if (itsType === type) return word + WORD <= at + length ? message.readUInt32LE(word) : 0;
    at += (length + 3) & ~3;
  }
  return 0;
}
