#!/usr/bin/env bash
# Linux: after a refused non-blocking connect(), the next connect() of the same socket fails with ECONNABORTED.
#
# Expected: once getsockopt(SO_ERROR) has returned ECONNREFUSED and so cleared it, the socket is as new, or unusable for good.
# Actual: one more connect() fails, with ECONNABORTED and without sending anything, although the port is open by then; the one
# after that begins a handshake and succeeds. A retry loop that reads SO_ERROR and keeps its socket loses every second try.
# Exit code 0: as described, 1: the behaviour has changed, 77: cannot run here.
set -u
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
uname -sr
timeout 30 python3 - <<'PY'
import errno, select, socket, sys

try:
    with socket.socket() as server, socket.socket() as client:
        server.bind(('127.0.0.1', 0))
        there = server.getsockname()
        client.setblocking(False)
        poll = select.poll()
        poll.register(client, select.POLLOUT)
        names = []

        def attempt():
            code = client.connect_ex(there)
            if code in (errno.EINPROGRESS, errno.ECONNREFUSED):
                poll.poll(5000)
                code = client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or (code if code == errno.ECONNREFUSED else 0)
            names.append(errno.errorcode.get(code, 'connected'))

        attempt()
        server.listen()
        attempt()
        attempt()
        peer = client.getpeername() if names[-1] == 'connected' else None
except OSError as error:
    print(f'cannot run here: {error}')
    sys.exit(77)
print(f'refused port: {names[0]}; the same port, open now: {names[1]}, then {names[2]}; peer {peer is not None}')
sys.exit(0 if names == ['ECONNREFUSED', 'ECONNABORTED', 'connected'] and peer == there else 1)
PY
