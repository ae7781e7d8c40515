#!/usr/bin/env bash
# Linux: shutdown() of an unconnected socket fails, and yet takes effect on every connection that the socket accepts later.
#
# Expected: a call that fails with ENOTCONN changes nothing. Actual: the socket remembers the direction. If it listens
# afterwards, each accepted connection begins with its own stream ended: the client reads the end at once, and send() on the
# accepted socket fails with EPIPE. Bytes from the client still arrive. A control without the shutdown works both ways.
# Exit code 0: as described, 1: the behaviour has changed, 77: cannot run here.
set -u
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
uname -sr
timeout 30 python3 - <<'PY'
import errno, socket, sys


def pair(shut):
    said = None
    with socket.socket() as listener:
        if shut:
            try:
                listener.shutdown(socket.SHUT_WR)
            except OSError as error:
                said = errno.errorcode[error.errno]
        listener.bind(('127.0.0.1', 0))
        listener.listen()
        with socket.create_connection(listener.getsockname(), timeout=5) as client:
            accepted, _ = listener.accept()
            with accepted:
                accepted.settimeout(5)
                client.sendall(b'up')
                up = accepted.recv(10)
                try:
                    sent = accepted.send(b'down')
                except OSError as error:
                    sent = errno.errorcode[error.errno]
                return said, up, sent, client.recv(10)


try:
    control, seen = pair(False), pair(True)
except OSError as error:
    print(f'cannot run here: {error}')
    sys.exit(77)
print('shutdown(), bytes at the accepted socket, its send(), bytes at the client:')
print(f'  without: {control}\n  with:    {seen}')
right = control == (None, b'up', 4, b'down')
sys.exit(0 if right and seen == ('ENOTCONN', b'up', 'EPIPE', b'') else 1)
PY
