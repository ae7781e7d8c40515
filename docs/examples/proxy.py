"""A TCP proxy for the workshop's checks: one thread carries bytes to the upstream, another one back."""

import os
import socket
import threading
from contextlib import suppress

PORT = int(os.environ.get("PORT", 8080))
UPSTREAM_PORT = int(os.environ.get("UPSTREAM_PORT", 3000))


def relay(source, target):
    """Carries bytes one way. When either side ends, it ends both, which also wakes the thread of the other way."""
    with suppress(OSError):  # A connection that broke is as good as one that ended.
        while data := source.recv(65536):
            target.sendall(data)
    for side in (source, target):
        with suppress(OSError):  # It may be down already.
            side.shutdown(socket.SHUT_RDWR)


def serve(client):
    """Links one client to an upstream connection of its own; without an upstream, lets it go."""
    with client:
        try:
            upstream = socket.create_connection(("127.0.0.1", UPSTREAM_PORT))
        except OSError:
            return
        with upstream:
            back = threading.Thread(target=relay, args=(upstream, client), daemon=True)
            back.start()
            relay(client, upstream)
            back.join()  # Closed any earlier, their numbers could go to sockets of another client.


with socket.create_server(("", PORT), backlog=128) as server:
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
