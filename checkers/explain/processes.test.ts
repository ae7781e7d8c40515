/** Programs with several processes: each has its own descriptors and works independently. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../contract/check.ts';
import { findMilestone } from '../course/find.ts';
import { runMilestone } from '../run/run.ts';
import { parseStrace, straceWorks } from '../trace/strace.ts';
import { sharedSockets, shareTheWork } from './processes.ts';

/** As strace 6.1 wrote it for a server that forks for each client. */
const FORKED = `70 0.1 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
70 0.2 listen(3, 128)  = 0
70 0.3 accept(3, NULL, NULL) = 4
70 1.0 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f68adbd1a10 <unfinished ...>
71 1.1 close(3)        = 0
70 1.1 <... clone resumed>) = 71
71 1.2 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3
71 1.3 connect(3, {sa_family=AF_INET, sin_port=htons(3000), sin_addr=inet_addr("127.0.0.1")}, 16) = 0
70 1.4 close(4)        = 0
70 1.5 accept(3, NULL, NULL <unfinished ...>
71 1.6 read(4, "\\x68\\x69", 65536) = 2
71 1.7 write(3, "\\x68\\x69", 2) = 2
`;

const read = (text: string): ReturnType<typeof parseStrace> => parseStrace(text, (seconds) => seconds * 1000);

describe('a fork', () => {
  it('gives the child a copy of each descriptor', () => {
    const trace = read(FORKED);
    expect(shareTheWork(trace)).toBe(true);
    const [client, upstream] = sharedSockets(trace);
    expect([...(client?.holders ?? [])]).toEqual([[71, 4]]);
    expect([...(upstream?.holders ?? [])]).toEqual([[71, 3]]);
    expect(client?.moved.map(({ pid, call }) => [pid, call])).toEqual([[71, 'recv']]);
  });

  it('leaves the socket with the process that has not closed it, until that exits', () => {
    const kept = read(`${FORKED.replace('70 1.4 close(4)        = 0\n', '')}71 1.8 exit_group(0)   = ?\n`);
    const [client, upstream] = sharedSockets(kept);
    expect([...(client?.holders ?? [])]).toEqual([[70, 4]]);
    expect(upstream?.holders.size).toBe(0);
  });

  it('of a launcher that has no sockets shares nothing', () => {
    const alone = FORKED.replaceAll(/^71.*\n/gm, '').replaceAll(/^70.*clone.*\n/gm, '');
    expect(shareTheWork(read(`69 0.0 fork() = 70\n${alone}`))).toBe(false);
  });

  it('takes nothing but 0, 1 and 2 along into another program for certain', () => {
    const trace = read(`${FORKED}71 1.8 execve("a", ["a"], 0x7 /* 1 vars */) = 0\n71 1.9 read(4, "\\x7f", 832) = 1\n`);
    expect(trace.filter(({ pid, call }) => pid === 71 && call === 'recv')).toHaveLength(1);
  });
});

const has = (tool: string): boolean => spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;

const C = `
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
static int carry(int a, int b) { char d[65536]; ssize_t n = read(a, d, sizeof d); if (n <= 0) return 0;
  for (ssize_t o = 0; o < n;) { ssize_t w = write(b, d + o, n - o); if (w <= 0) return 0; o += w; } return 1; }
int main(void) {
  int one = 1, l = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(getenv("PORT")))}, b = a;
  b.sin_port = htons(atoi(getenv("UPSTREAM_PORT"))); b.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  signal(SIGCHLD, SIG_IGN);
  setsockopt(l, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(l, (void *)&a, sizeof a) || listen(l, 128)) return 1;
  for (;;) { int c = accept(l, 0, 0); if (c < 0) continue;
    if (fork() == 0) { close(l); int u = socket(AF_INET, SOCK_STREAM, 0);
      if (connect(u, (void *)&b, sizeof b)) _exit(1);
#ifdef TWO
      if (fork() == 0) { while (carry(u, c)) ; _exit(0); }
      while (carry(c, u)) ; _exit(0);
#else
      struct pollfd p[2] = {{c, POLLIN}, {u, POLLIN}};
      for (;;) { poll(p, 2, -1); if (p[0].revents && !carry(c, u)) _exit(0); if (p[1].revents && !carry(u, c)) _exit(0); }
#endif
    }
#ifndef KEEPS
    close(c);
#endif
  }
}
`;

/** $two: one process for each direction; else the parent keeps its copy. */
const PERL = `
use strict; use IO::Socket::INET; use IO::Select; $SIG{CHLD} = 'IGNORE';
my $two = shift; my @kept;
my $l = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 128, ReuseAddr => 1) or die;
sub carry { my ($from, $to) = @_; my $d; my $n = sysread $from, $d, 65536; return 0 unless $n;
  my $o = 0; while ($o < $n) { my $w = syswrite $to, $d, $n - $o, $o; return 0 unless $w; $o += $w } 1 }
for (;;) { my $c = $l->accept or next;
  if (fork == 0) { close $l; my $u = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ENV{UPSTREAM_PORT}) or exit 1;
    if ($two) { if (fork == 0) { 1 while carry($u, $c); exit } 1 while carry($c, $u); exit }
    my $s = IO::Select->new($c, $u);
    for (;;) { for ($s->can_read) { carry($_, $_ == $c ? $u : $c) or exit } } }
  if ($two) { close $c } else { push @kept, $c } }
`;

const PYTHON = `
import os, select, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
two, kept = sys.argv[1:] == ['two'], []
l = socket.create_server(('', int(os.environ['PORT'])), backlog=128)
def carry(a, b):
    d = a.recv(65536)
    if d: b.sendall(d)
    return d
while True:
    c, _ = l.accept()
    if os.fork() == 0:
        l.close()
        u = socket.create_connection(('127.0.0.1', int(os.environ['UPSTREAM_PORT'])))
        if two:
            a, b = (u, c) if os.fork() == 0 else (c, u)
            while carry(a, b): pass
            os._exit(0)
        while True:
            for s in select.select([c, u], [], [])[0]:
                if not carry(s, u if s is c else c): os._exit(0)
    if two: c.close()
    else: kept.append(c)
`;

describe.runIf(process.platform === 'linux' && straceWorks())('a proxy with a process for each client', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'processes-'));
    writeFileSync(join(folder, 'forked.c'), C);
    writeFileSync(join(folder, 'forked.pl'), PERL);
    writeFileSync(join(folder, 'forked.py'), PYTHON);
    if (!has('gcc')) return;
    for (const kind of ['KEEPS', 'TWO', 'RIGHT'])
      spawnSync('gcc', [`-D${kind}`, '-o', join(folder, kind), join(folder, 'forked.c')], { stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function explanationOf(command: string, id: string, number: number): Promise<Explanation | undefined> {
    const milestone = findMilestone(id);
    if (milestone === undefined) throw new Error(`no milestone ${id}`);
    const only = milestone.checks[number - 1]?.id ?? '';
    const candidate = { kind: 'command' as const, command, cwd: folder };
    const { results } = await runMilestone({ milestone, candidate, seed: '1', only: [only] });
    expect(results[0]?.status).toBe('fail');
    return results[0]?.explanation;
  }

  const keeps = [
    ['gcc', './KEEPS'],
    ['perl', 'perl forked.pl'],
    ['python3', 'python3 forked.py'],
    ['python3', "sh -c 'env A=1 python3 forked.py; true'"],
  ] as const;
  for (const [tool, command] of keeps)
    it.skipIf(!has(tool))(`whose parent keeps the client's socket: ${command}`, async () => {
      const found = await explanationOf(command, '4.1', 5);
      expect(found?.cause).toMatch(/still holds its copy of the client socket, descriptor \d+/);
      expect(found?.causeId).toBe('copy-kept');
    });

  const two = [
    ['gcc', './TWO'],
    ['perl', 'perl forked.pl 1'],
    ['python3', 'python3 forked.py two'],
  ] as const;
  for (const [tool, command] of two)
    it.skipIf(!has(tool))(`and one for each direction, of which one stays: ${command}`, async () => {
      const found = await explanationOf(command, '4.2', 9);
      expect(found?.causeId).toBe('other-direction-stays');
      expect(found?.cause).toMatch(/carries the other one, still holds/);
    });
});
