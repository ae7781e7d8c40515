"""A right proxy that closes well, on asyncio: a task for each direction, and one that looks at the time."""

import asyncio
import contextlib
import os
import socket
import struct

PORT = int(os.environ.get("PORT", 8080))
UPSTREAM_PORT = int(os.environ.get("UPSTREAM_PORT", 3000))
CONNECT_SECONDS = int(os.environ.get("CONNECT_TIMEOUT_MS", 5000)) / 1000
IDLE_SECONDS = int(os.environ.get("IDLE_TIMEOUT_MS", 600_000)) / 1000
RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Pair:
    """A client and its upstream connection."""

    def __init__(self, loop, client, upstream):
        self.loop = loop
        self.client = client
        self.upstream = upstream
        self.touch()

    def touch(self):
        self.last = self.loop.time()

    async def carry(self, source, target):
        """One direction: all bytes, and then the end behind them."""
        while data := await self.loop.sock_recv(source, 65536):
            self.touch()
            await self.loop.sock_sendall(target, data)
            self.touch()
        target.shutdown(socket.SHUT_WR)

    async def silence(self):
        """Returns when the idle timeout expires."""
        while (left := self.last + IDLE_SECONDS - self.loop.time()) > 0:
            await asyncio.sleep(left)

    async def run(self):
        """Runs until both directions end, the connection breaks, or the idle timeout expires; returns whether it broke."""
        up = self.loop.create_task(self.carry(self.client, self.upstream))
        down = self.loop.create_task(self.carry(self.upstream, self.client))
        both, silence = asyncio.gather(up, down), self.loop.create_task(self.silence())
        await asyncio.wait([both, silence], return_when=asyncio.FIRST_COMPLETED)
        broke = both.done() and both.exception() is not None
        # Before closing, end all waits on these sockets: the kernel reuses their descriptors soon.
        for task in (up, down, silence):
            task.cancel()
        await asyncio.gather(up, down, both, silence, return_exceptions=True)
        return broke


def close(sock, broke):
    if broke:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    sock.close()


class Log:
    """Extra sockets as in real programs: a log over UDP or to /dev/log, metrics over TCP, netlink. All stay open."""

    MOST = 8

    def __init__(self):
        self.metrics = socket.create_server(("127.0.0.1", 0))
        self.sockets = []

    def tell(self):
        if len(self.sockets) >= self.MOST:
            return
        udp, unix = socket.socket(type=socket.SOCK_DGRAM), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with contextlib.suppress(OSError):
            udp.sendto(b"a pair", self.metrics.getsockname())
        unused = socket.socket(type=socket.SOCK_DGRAM)
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        sender = socket.create_connection(self.metrics.getsockname())
        receiver, _ = self.metrics.accept()
        self.sockets += [udp, unix, unused, netlink, sender, receiver]


log = Log() if os.environ.get("LOG") else None


async def serve(loop, client):
    if log is not None:
        log.tell()
    upstream = socket.socket()
    upstream.setblocking(False)
    broke = True
    try:
        await asyncio.wait_for(loop.sock_connect(upstream, ("127.0.0.1", UPSTREAM_PORT)), CONNECT_SECONDS)
        broke = await Pair(loop, client, upstream).run()
    except (OSError, asyncio.TimeoutError):
        pass  # No upstream: the client gets a reset.
    for sock in (client, upstream):
        close(sock, broke)


async def main():
    loop = asyncio.get_running_loop()
    server = socket.create_server(("", PORT), backlog=4096)
    server.setblocking(False)
    serving = set()
    while True:
        client, _ = await loop.sock_accept(server)
        task = loop.create_task(serve(loop, client))
        serving.add(task)
        task.add_done_callback(serving.discard)


asyncio.run(main())
