/** Sixty clients for three upstreams; every third one stays for long, the others leave at once. Who has how many then? */
import { nextInTurn, type Upstream, upstreams, withFewest } from '../../solutions/stage-8-upstreams/proxy.ts';

type Way = (candidates: Upstream[]) => Upstream | undefined;

upstreams.splice(
  0,
  upstreams.length,
  ...[3000, 3001, 3002].map((port) => ({ port, open: 0, total: 0, failed: 0, retryAt: 0 })),
);

function share(way: Way): string {
  for (const upstream of upstreams) upstream.open = 0;
  for (let client = 0; client < 60; client += 1) {
    const upstream = way(upstreams);
    if (upstream !== undefined && client % 3 === 0) upstream.open += 1;
  }
  return upstreams.map(({ port, open }) => `${port} open=${open}`).join('; ');
}

console.log(`round-robin:       ${share(nextInTurn)}`);
console.log(`least-connections: ${share((candidates) => nextInTurn(withFewest(candidates)))}`);
