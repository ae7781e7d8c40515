/** The actors of a stage without a proxy. */
import type { ProgramRole } from './page-data.ts';

/** The same sentence, with the right names of the actors. */
export function renamed(said: string, role: ProgramRole): string {
  if (role === 'proxy') return said;
  const named = said.replace(/\b([Tt]he|Your|your) proxy\b/g, `$1 ${role}`);
  return role === 'client'
    ? named.replace(/\bupstream (\d+)/g, 'server $1').replace(/\b([Tt]he) upstream\b/g, '$1 server')
    : named;
}
