/** splice(2): fs/splice.c in Linux. */
import { O_NONBLOCK, SPLICE_F_MORE, SPLICE_F_MOVE, SPLICE_F_NONBLOCK } from '../constants.ts';
import { EAGAIN, EBADF, EINVAL, ENOTCONN, EPIPE } from './errors.ts';
import type { OpenFile } from './file.ts';
import { type Attempt, done, NotSimulated, type Outcome } from './outcome.ts';
import { type Pipe, PipeEnd, type Slot } from './pipe.ts';
import { windowOpens } from './tcp-segments.ts';
import { RECEIVING_ENDED, TcpSocket } from './tcp-socket.ts';
import { deadlineOf, send, waitOn } from './tcp-transfer.ts';

const SPLICE_F_GIFT = 8;
const MSG_DONTWAIT = 0x40;
const MSG_MORE = 0x8000;

/** splice(2), for two open files. */
export function splice(input: OpenFile, output: OpenFile, size: number, flags: number): Attempt {
  if (size === 0) return done(0);
  if (flags & ~(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)) return done(-EINVAL);
  if (!input.readable || !output.writable) return done(-EBADF);
  const from = input instanceof PipeEnd ? input.pipe : undefined;
  const to = output instanceof PipeEnd ? output.pipe : undefined;
  const nonBlocking = (flags & SPLICE_F_NONBLOCK) !== 0;
  if (from !== undefined && to !== undefined) {
    const never = nonBlocking || ((input.flags | output.flags) & O_NONBLOCK) !== 0;
    return from === to ? done(-EINVAL) : pipeToPipe(from, to, size, never);
  }
  if (from !== undefined) {
    if (!(output instanceof TcpSocket)) return unlikely(output);
    return pipeToSocket(from, output, size, nonBlocking || (input.flags & O_NONBLOCK) !== 0, flags);
  }
  if (to === undefined) return done(-EINVAL);
  const room = hasRoom(to, nonBlocking || (output.flags & O_NONBLOCK) !== 0);
  if (!(input instanceof TcpSocket)) return () => room() ?? unlikely(input)();
  return socketToPipe(input, to, size, room);
}

/** wait_for_space(): looks at the pipe before the other file; undefined: there is room. */
function hasRoom(pipe: Pipe, nonBlocking: boolean): () => Outcome | undefined {
  return () => {
    if (!pipe.hasReader) return -EPIPE;
    if (!pipe.isFull) return undefined;
    return nonBlocking ? -EAGAIN : { on: pipe.writer.queue, until: Infinity };
  };
}

function unlikely(file: OpenFile): Attempt {
  if (file.pollable) return done(-EINVAL);
  throw new NotSimulated('splice() with a file');
}

/** tcp_splice_read(): pages of the receive queue become pages of the pipe. */
function socketToPipe(socket: TcpSocket, pipe: Pipe, size: number, room: () => Outcome | undefined): Attempt {
  let deadline: number | undefined;
  return () => {
    const full = room();
    if (full !== undefined) return full;
    deadline ??= deadlineOf(socket, 0, socket.options.receiveTimeout);
    if (socket.state === 'LISTEN') return -ENOTCONN;
    const moved = takePages(socket, pipe, size);
    if (moved > 0) {
      windowOpens(socket);
      pipe.reader.queue.wake(0);
      return moved;
    }
    const expired = socket.network.scheduler.now >= deadline;
    return nothingToSplice(socket) ?? (expired ? -EAGAIN : waitOn(socket, deadline));
  };
}

function nothingToSplice(socket: TcpSocket): Outcome | undefined {
  if (socket.streamEnded) return 0;
  if (socket.error !== 0) return -socket.takeError();
  if (socket.ended & RECEIVING_ENDED) return 0;
  return socket.state === 'CLOSE' ? -ENOTCONN : undefined;
}

function takePages(socket: TcpSocket, pipe: Pipe, size: number): number {
  const { pageSize } = pipe.settings;
  let moved = 0;
  while (moved < size && !pipe.isFull) {
    const bytes = socket.received.take(Math.min(pageSize, size - moved));
    if (bytes.length === 0) break;
    const last = pipe.slots.at(-1);
    if (moved > 0 && last !== undefined && isBehind(last, bytes)) last.to += bytes.length;
    else
      pipe.slots.push({
        bytes: wholeOf(bytes),
        from: bytes.byteOffset,
        to: bytes.byteOffset + bytes.length,
        canGrow: false,
      });
    moved += bytes.length;
  }
  return moved;
}

function wholeOf(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer);
}

/** Whether bytes follow those of a slot in the same memory. */
function isBehind(slot: Slot, bytes: Uint8Array): boolean {
  return slot.bytes.buffer === bytes.buffer && slot.to === bytes.byteOffset && slot.to % 4096 !== 0;
}

/** splice_to_socket() */
function pipeToSocket(pipe: Pipe, socket: TcpSocket, size: number, nonBlocking: boolean, flags: number): Attempt {
  const socketFlags = (socket.flags & O_NONBLOCK ? MSG_DONTWAIT : 0) | (flags & SPLICE_F_MORE ? MSG_MORE : 0);
  let moved = 0;
  let sending: Attempt | undefined;
  return () => {
    while (moved < size) {
      const [slot] = pipe.slots;
      if (slot === undefined) {
        if (moved > 0 || !pipe.hasWriter) break;
        return nonBlocking ? -EAGAIN : { on: pipe.reader.queue, until: Infinity };
      }
      sending ??= send(
        socket,
        slot.bytes.subarray(slot.from, Math.min(slot.to, slot.from + size - moved)),
        socketFlags,
      );
      const sent = sending();
      if (typeof sent !== 'number') return sent;
      sending = undefined;
      if (sent <= 0) return moved || sent;
      moved += sent;
      drop(pipe, slot, sent);
    }
    if (moved > 0) pipe.writer.queue.wake(0);
    return moved;
  };
}

function drop(pipe: Pipe, slot: Slot, count: number): void {
  slot.from += count;
  if (slot.from >= slot.to) pipe.slots.shift();
}

/** splice_pipe_to_pipe() */
function pipeToPipe(from: Pipe, to: Pipe, size: number, nonBlocking: boolean): Attempt {
  return () => {
    if (from.isEmpty && from.hasWriter) return nonBlocking ? -EAGAIN : { on: from.reader.queue, until: Infinity };
    if (to.isFull && to.hasReader) return nonBlocking ? -EAGAIN : { on: to.writer.queue, until: Infinity };
    if (!to.hasReader) return -EPIPE;
    let moved = 0;
    let slot = from.slots[0];
    for (; moved < size && slot !== undefined && !to.isFull; [slot] = from.slots) {
      const count = Math.min(slot.to - slot.from, size - moved);
      to.slots.push({ ...slot, to: slot.from + count, canGrow: slot.canGrow && count === slot.to - slot.from });
      moved += count;
      drop(from, slot, count);
    }
    if (moved > 0) to.reader.queue.wake(0);
    if (moved > 0) from.writer.queue.wake(0);
    return moved;
  };
}
