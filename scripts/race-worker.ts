/** Internal: one side of a race's load, the clients or the upstream. */
import { serveOrders } from '../checkers/race/generator/serve.ts';
import { serveUpstream } from '../checkers/race/generator/upstream.ts';

export async function main(words: string[]): Promise<number> {
  if (words[0] === 'upstream') serveUpstream(words.slice(1).map(Number));
  else serveOrders();
  return 0;
}
