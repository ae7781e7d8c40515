/** Which error ended a program or one of its threads, and where it was thrown. */
import { describe, expect, it } from 'vitest';
import { root } from '../root.ts';
import { complaintIn, errorOf, lastLinesOf } from './exit.ts';

it.each([
  ['a whole path', `    at main (file://${root}/stages/stage-4-tcp-proxy/proxy.ts:57:3)`],
  ['a path from the repository on', '    at main (stages/stage-4-tcp-proxy/proxy.ts:57:3)'],
  [
    'a path behind those of others',
    `    at node:net:1:2\n    at x (linux/io.ts:5:1)\n    at stages/stage-4-tcp-proxy/proxy.ts:57:3`,
  ],
])('an error is found in %s', (_, stack) => {
  expect(errorOf(['Error: no idea', ...stack.split('\n')])).toMatchObject({
    message: 'Error: no idea',
    place: 'stages/stage-4-tcp-proxy/proxy.ts:57',
  });
});

it('lists the functions on its stack, innermost first', () => {
  const stack = [
    '    at recv (linux/io.ts:5:1)',
    '    at handleClient (a/b.ts:7:3)',
    '    at a/b.ts:9:1',
    '    at loopRun (a/b.ts:8:1)',
  ];
  expect(errorOf(['TypeError: x', ...stack])?.functions).toEqual(['recv', 'handleClient', 'loopRun']);
});

const LIB = '/usr/lib/python3.11';

/** Printed by real programs; paths shortened. */
const printed: [kind: string, output: string, message: string, place: string | undefined, partly: boolean][] = [
  [
    'a thread in Python',
    `Exception in thread Thread-1 (serve):
Traceback (most recent call last):
  File "${LIB}/threading.py", line 1045, in _bootstrap_inner
    self.run()
  File "/home/ada/dies.py", line 11, in serve
    u = socket.create_connection(("127.0.0.1", 1))
  File "${LIB}/socket.py", line 836, in create_connection
    sock.connect(sa)
ConnectionRefusedError: [Errno 111] Connection refused
one more line of a log`,
    'ConnectionRefusedError: [Errno 111] Connection refused',
    '/home/ada/dies.py:11',
    true,
  ],
  [
    "a handler of Python's socketserver",
    `----------------------------------------
Exception occurred during processing of request from ('127.0.0.1', 46114)
Traceback (most recent call last):
  File "${LIB}/socketserver.py", line 691, in process_request_thread
    self.finish_request(request, client_address)
  File "/home/ada/s.py", line 4, in handle
    raise Odd("no route")
Odd: no route
----------------------------------------`,
    'Odd: no route',
    '/home/ada/s.py:4',
    true,
  ],
  [
    'a task of asyncio',
    `Task exception was never retrieved
future: <Task finished name='Task-2' coro=<h() done, defined at /home/ada/a.py:2> exception=OSError(111, "no")>
Traceback (most recent call last):
  File "/home/ada/a.py", line 3, in h
    await asyncio.open_connection("127.0.0.1", 1)
  File "${LIB}/asyncio/streams.py", line 48, in open_connection
    transport, _ = await loop.create_connection(
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 1)`,
    "ConnectionRefusedError: [Errno 111] Connect call failed ('127.0.0.1', 1)",
    '/home/ada/a.py:3',
    true,
  ],
  [
    'an ExceptionGroup',
    `  + Exception Group Traceback (most recent call last):
  |   File "/home/ada/tg.py", line 5, in <module>
  |     asyncio.run(main())
  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/home/ada/tg.py", line 2, in h
    |     async def h(): raise ValueError("in a group")
    | ValueError: in a group
    +------------------------------------`,
    'ValueError: in a group',
    '/home/ada/tg.py:2',
    false,
  ],
  [
    'chained exceptions',
    `Traceback (most recent call last):
  File "/home/ada/c.py", line 2, in f
    try: {}["x"]
KeyError: 'x'
The above exception was the direct cause of the following exception:
Traceback (most recent call last):
  File "/home/ada/c.py", line 6, in <module>
    g()
  File "/home/ada/c.py", line 3, in f
    except KeyError as e: raise ValueError("no route") from e
ValueError: no route`,
    'ValueError: no route',
    '/home/ada/c.py:3',
    false,
  ],
  [
    'a SyntaxError',
    '  File "/home/ada/se.py", line 1\n    def f(:\n          ^\nSyntaxError: invalid syntax',
    'SyntaxError: invalid syntax',
    '/home/ada/se.py:1',
    false,
  ],
  [
    'Rust before 1.73',
    "thread 'main' panicked at 'no upstream', src/main.rs:4:5\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
    "'no upstream'",
    'src/main.rs:4',
    false,
  ],
  [
    "Rust's thread, with a backtrace, and main that cannot join it",
    `thread '<unnamed>' (22684) panicked at /rustc/5980/library/core/src/slice/index.rs:1:34:
index out of bounds: the len is 1 but the index is 9
stack backtrace:
   0: __rustc::rust_begin_unwind
             at /rustc/5980/library/std/src/panicking.rs:689:5
   6: r::serve
             at ./r.rs:7:34
thread 'main' (22683) panicked at r.rs:2:133:
called \`Result::unwrap()\` on an \`Err\` value: Any { .. }`,
    'index out of bounds: the len is 1 but the index is 9',
    'r.rs:7',
    true,
  ],
  [
    "Go's panic, recovered and raised again",
    `panic: assignment to entry in nil map [recovered]
	panic: assignment to entry in nil map
goroutine 1 [running]:
main.main.func1()
	/home/ada/g.go:4 +0x8b
panic({0x48bd60, 0x4b7fb0})
	/usr/lib/go-1.19/src/runtime/panic.go:884 +0x212
main.serve(...)
	/home/ada/g.go:3`,
    'panic: assignment to entry in nil map [recovered]',
    '/home/ada/g.go:3',
    false,
  ],
  [
    "Go's fatal error",
    `fatal error: all goroutines are asleep - deadlock!
goroutine 1 [chan receive]:
main.main()
	/home/ada/d.go:2 +0x2c`,
    'fatal error: all goroutines are asleep - deadlock!',
    '/home/ada/d.go:2',
    false,
  ],
  [
    'Java',
    `Exception in thread "main" java.lang.RuntimeException: bad client
	at J.serve(J.java:1)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.lang.NullPointerException: o is null
	... 2 more`,
    'java.lang.NullPointerException: o is null',
    'J.java:1',
    false,
  ],
  [
    'Node',
    `node:events:502
      throw er; // Unhandled 'error' event
Error: connect ECONNREFUSED 127.0.0.1:1
    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)
Emitted 'error' event on Socket instance at:`,
    'Error: connect ECONNREFUSED 127.0.0.1:1',
    undefined,
    false,
  ],
  [
    'Ruby',
    "proxy.rb:3:in `serve': no upstream (RuntimeError)\n\tfrom proxy.rb:5:in `<main>'",
    'no upstream (RuntimeError)',
    'proxy.rb:3',
    false,
  ],
  ['Perl', 'no upstream: boom at proxy.pl line 12.', 'no upstream: boom', 'proxy.pl:12', false],
  [
    'assert',
    "as: as.c:4: main: Assertion `c==1' failed.\nAborted",
    "as: as.c:4: main: Assertion `c==1' failed.",
    'as.c:4',
    false,
  ],
  [
    'glibc',
    'free(): double free detected in tcache 2\nAborted',
    'free(): double free detected in tcache 2',
    undefined,
    false,
  ],
  ['a shell', 'Segmentation fault', 'Segmentation fault', undefined, false],
  [
    'AddressSanitizer',
    `==22950==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602
    #0 0x7f in __interceptor_memcpy ../../../../src/libsanitizer/asan/asan_interceptors.cpp:69
    #1 0x55bcb90e1435 in main /home/ada/as.c:4
SUMMARY: AddressSanitizer: heap-buffer-overflow /home/ada/as.c:4 in main`,
    'ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602',
    '/home/ada/as.c:4',
    false,
  ],
];

describe('the error and its place in the own file are found for', () => {
  it.each(printed)('%s', (_, output, message, place, partly) => {
    expect(complaintIn(output.split('\n'))).toMatchObject({ message, partly, ...(place && { place }) });
    expect(complaintIn(output.split('\n'))?.place).toBe(place);
  });
});

describe('of a long backtrace and a log behind it, what matters is kept for', () => {
  it.each(printed)('%s', (_, output, message, place, partly) => {
    const log = (what: string): string[] => Array.from({ length: 100 }, (_one, index) => `${what} ${index}: connected`);
    const kept = lastLinesOf([...log('client'), ...output.split('\n'), ...log('later')], 40);
    expect(kept.length).toBeLessThanOrEqual(40);
    expect(kept.at(-1)).toBe('later 99: connected');
    expect(complaintIn(kept)).toMatchObject({ message, partly, ...(place && { place }) });
  });
});

it('of 100 frames of libraries around the own one, the own one is kept', () => {
  const frames = Array.from({ length: 100 }, (_, index) => `  File "${LIB}/asyncio/x.py", line ${index}, in run`);
  const own = '  File "/home/ada/proxy.py", line 11, in serve';
  const lines = ['Traceback (most recent call last):', ...frames, own, ...frames, 'OSError: no'];
  expect(complaintIn(lastLinesOf(lines, 40))).toMatchObject({ message: 'OSError: no', place: '/home/ada/proxy.py:11' });
});

it('no error is seen in what a program logs', () => {
  expect(complaintIn(['listening', 'client 1: connected', 'INFO', 'Exception handling is on', 'panic button'])).toBe(
    undefined,
  );
});
