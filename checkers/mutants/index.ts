/** The catalogue of wrong proxies. */
import { acceptMutants } from './accept.ts';
import { closingMutants } from './closing.ts';
import type { Mutant } from './mutant.ts';
import { relayMutants } from './relay.ts';

export const mutants: Mutant[] = [...acceptMutants, ...relayMutants, ...closingMutants];
