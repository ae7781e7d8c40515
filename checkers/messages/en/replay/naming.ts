/** Names for stages without a proxy: the page's words and picture know clients, a proxy and its upstream. */

/** The same sentence, with those who take part called by their right names. */
export function renamed(said: string, role: 'server' | 'client' | 'proxy'): string {
  if (role === 'proxy') return said;
  const named = said.replace(/\b([Tt]he|Your|your) proxy\b/g, `$1 ${role}`);
  return role === 'client'
    ? named.replace(/\bupstream (\d+)/g, 'server $1').replace(/\b([Tt]he) upstream\b/g, '$1 server')
    : named;
}
