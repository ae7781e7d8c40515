#!/usr/bin/env bash
# Linux: for a listening socket, sock_diag and /proc/net/tcp do not fill "write queue" with the same thing.
#
# Expected: idiag_wqueue is the tx_queue column of /proc/net/tcp: bytes that wait to be sent, 0 for a listener. Actual: for a
# listener idiag_wqueue is the limit of its backlog (as listen() and somaxconn set it), while /proc/net/tcp says 0. A program
# that falls back from one to the other, and adds up queues, counts a backlog of 4,096 as bytes.
# Exit code 0: as described, 1: the behaviour has changed, 77: cannot run here.
set -u
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
uname -sr
timeout 30 python3 - <<'PY'
import socket, struct, sys

BACKLOG = 37
try:
    with socket.socket() as listener, socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as netlink:
        listener.bind(('127.0.0.1', 0))
        listener.listen(BACKLOG)
        port = listener.getsockname()[1]
        body = struct.pack('=BBBxI', socket.AF_INET, socket.IPPROTO_TCP, 0, 1 << 10) + bytes(48)
        netlink.send(struct.pack('=IHHII', 16 + len(body), 20, 0x301, 1, 0) + body)
        by_netlink, over = None, False
        while not over:
            answer, at = netlink.recv(65536), 0
            while at + 16 <= len(answer):
                length, kind = struct.unpack_from('=IH', answer, at)
                over = over or kind in (2, 3)
                message = answer[at + 16:at + length]
                if kind == 20 and struct.unpack_from('>H', message, 4)[0] == port:
                    by_netlink = struct.unpack_from('=II', message, 56)
                at += (length + 3) & ~3
        with open('/proc/net/tcp') as table:
            row = next(line for line in table if f':{port:04X} 00000000' in line and ' 0A ' in line)
        transmit, receive = (int(part, 16) for part in row.split()[4].split(':'))
except OSError as error:
    print(f'cannot run here: {error}')
    sys.exit(77)
print(f'listen(fd, {BACKLOG}): sock_diag rqueue and wqueue {by_netlink}; /proc/net/tcp rx_queue {receive}, tx_queue {transmit}')
sys.exit(0 if by_netlink == (0, BACKLOG) and (receive, transmit) == (0, 0) else 1)
PY
