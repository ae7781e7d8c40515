"""A wrong proxy with one poll loop and a queue for each side, named by its words: proxy.py [RIGHT] MISTAKE.

RESET_ALONE: closes only the side that was reset, and leaves the other one open.
DROPS_QUEUE: closes both sides at the end of one, whatever the other one has not been sent yet.
HALF: passes an end on, as stage 6 asks for, but with SIGPIPE as in C: a send to a side that has gone ends the program.
With RIGHT the same program is right.
"""
import os
import select
import signal
import socket
import struct
import sys

RIGHT = "RIGHT" in sys.argv
HALF = "HALF" in sys.argv
ROOM = 256 * 1024
sides = {}


def wrong(mistake):
    return mistake in sys.argv and not RIGHT


class Side:
    def __init__(self, sock):
        self.sock = sock
        self.peer = None
        self.ended = False  # its end was read
        self.told = False  # it was told the end of the other
        self.queue = bytearray()  # bytes that wait for it


def forget(side):
    if sides.pop(side.sock.fileno(), None):
        side.sock.close()


def end_pair(side, broke):
    if broke and HALF:
        for one in (side, side.peer):
            if one.sock.fileno() >= 0:
                one.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    forget(side)
    if not (broke and wrong("RESET_ALONE")):
        forget(side.peer)


def let_in(listener):
    client, _ = listener.accept()
    try:
        upstream = socket.create_connection(("127.0.0.1", int(os.environ.get("UPSTREAM_PORT", 3000))))
    except OSError:
        client.close()
        return
    pair = Side(client), Side(upstream)
    for side, peer in (pair, pair[::-1]):
        side.peer = peer
        side.sock.setblocking(False)
        sides[side.sock.fileno()] = side


def flush(to):
    try:
        while to.queue:
            del to.queue[: to.sock.send(to.queue)]
    except BlockingIOError:
        return
    except OSError:
        end_pair(to, True)
        forget(to.peer)  # even with RESET_ALONE: only a reset that recv() reports is its mistake
        return
    if not to.peer.ended or to.told:
        return
    if HALF:
        to.told = True
        try:
            to.sock.shutdown(socket.SHUT_WR)
        except OSError:
            end_pair(to, True)
            return
        if not to.peer.told:
            return
    end_pair(to, False)


def take(side):
    try:
        data = side.sock.recv(ROOM)
    except BlockingIOError:
        return
    except OSError:
        end_pair(side, True)
        return
    if side.peer.sock.fileno() < 0:
        # Its peer has gone, so the bytes have no receiver.
        if not data:
            forget(side)
        return
    if not data and wrong("DROPS_QUEUE"):
        end_pair(side, False)
        return
    side.ended = not data
    side.peer.queue += data
    flush(side.peer)


def main():
    if wrong("HALF"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    listener = socket.create_server(("127.0.0.1", int(os.environ.get("PORT", 8080))), backlog=1024)
    while True:
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        for fd, side in sides.items():
            reads = not side.ended and len(side.peer.queue) < ROOM
            events = (select.POLLIN if reads else 0) | (select.POLLOUT if side.queue else 0)
            # Who is watched for nothing would be told of POLLHUP for ever.
            if events:
                poll.register(fd, events)
        ready = [(sides.get(fd), events) for fd, events in poll.poll()]
        for side, events in ready:
            if side is None:
                let_in(listener)
                continue
            if side.sock.fileno() >= 0 and events & select.POLLOUT:
                flush(side)
            if side.sock.fileno() >= 0 and events & select.POLLIN:
                take(side)
            elif side.sock.fileno() >= 0 and events & select.POLLERR:
                end_pair(side, True)


main()
