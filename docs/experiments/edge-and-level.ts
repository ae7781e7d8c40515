/** Ten bytes arrive, and a reader takes four at a time: what level-triggered and edge-triggered epoll say to that. */
import { EPOLL_CTL_ADD, EPOLLET, EPOLLIN, epoll_create1, epoll_ctl, epoll_wait, recv, send } from '#linux';
import { connectedPair } from './pair.ts';

function watch(name: string, events: number): void {
  const { client, server } = connectedPair();
  const loop = epoll_create1(0);
  epoll_ctl(loop, EPOLL_CTL_ADD, server, { events, data: { fd: server } });
  send(client, Buffer.from('0123456789'), 10, 0);

  const buffer = Buffer.alloc(4);
  console.log(`${name}:`);
  for (let turn = 1; turn <= 4; turn += 1) {
    // 200 ms in place of for ever, so that the experiment comes to an end.
    const ready = epoll_wait(loop, [], 1, 200);
    const read =
      ready === 0 ? 'nothing to report' : `reads '${buffer.toString('utf8', 0, recv(server, buffer, 4, 0))}'`;
    console.log(`  turn ${turn}: ${read}`);
  }
}

watch('level-triggered', EPOLLIN);
watch('edge-triggered', EPOLLIN | EPOLLET);
