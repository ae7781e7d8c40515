#!/usr/bin/env bash
# Linux, io_uring: a linked SHUTDOWN that fails does not cancel the request behind it.
#
# Expected: IOSQE_IO_LINK starts the next request only if this one succeeds, and a failure cancels it (io_uring_enter(2)).
# Actual: a SHUTDOWN of a socket that is not connected completes with -ENOTCONN, and the NOP behind it runs and completes
# with 0. As a control, a CLOSE of a descriptor that is not open (-EBADF) cancels the NOP behind it (-ECANCELED).
# Exit code 0: as described, 1: the behaviour has changed, 77: cannot run here.
set -u
command -v python3 >/dev/null || { echo "needs python3"; exit 77; }
uname -sr
timeout 30 python3 - <<'PY'
import ctypes, errno, mmap, os, socket, struct, sys

libc = ctypes.CDLL(None, use_errno=True)
SETUP, ENTER = 425, 426
NOP, CLOSE, SHUTDOWN, LINK = 0, 19, 34, 1 << 2


def name(result):
    return errno.errorcode[-result] if result < 0 else str(result)


def chain(opcode, fd, length):
    """Submits one request linked to a NOP, and returns both results."""
    params = (ctypes.c_uint32 * 30)()
    ring = libc.syscall(SETUP, 4, params)
    if ring == -1:
        print(f'cannot run here: io_uring_setup: {errno.errorcode[ctypes.get_errno()]}')
        sys.exit(77)
    size = max(params[16] + 4 * params[0], params[25] + 16 * params[1])
    queues = mmap.mmap(ring, size, offset=0)
    entries = mmap.mmap(ring, 64 * params[0], offset=0x10000000)
    for place, (code, flags, target, count) in enumerate([(opcode, LINK, fd, length), (NOP, 0, -1, 0)]):
        sqe = struct.pack('<BBHiQQIIQ', code, flags, 0, target, 0, 0, count, 0, place + 1)
        entries[64 * place:64 * place + len(sqe)] = sqe
        queues[params[16] + 4 * place:params[16] + 4 * place + 4] = struct.pack('<I', place)
    queues[params[11]:params[11] + 4] = struct.pack('<I', 2)
    libc.syscall(ENTER, ring, 2, 2, 1, None, 0)
    results = {}
    for place in range(2):
        at = params[25] + 16 * place
        data, result, _ = struct.unpack('<QiI', queues[at:at + 16])
        results[data] = name(result)
    os.close(ring)
    return results.get(1), results.get(2)


with socket.socket() as unconnected:
    seen = chain(SHUTDOWN, unconnected.fileno(), socket.SHUT_WR)
control = chain(CLOSE, 999999, 0)
print(f'SHUTDOWN, then NOP: {seen}\nCLOSE, then NOP:    {control}')
if control != ('EBADF', 'ECANCELED'):
    print('the control is not as expected')
    sys.exit(1)
sys.exit(0 if seen == ('ENOTCONN', '0') else 1)
PY
