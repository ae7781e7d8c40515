/** Causes of proxies with several upstreams. */
import type { Rule } from '../cause.ts';
import { choosingRules } from './choosing.ts';
import { handingOnRules } from './handing-on.ts';
import { statusRules } from './status.ts';

/** Rules that need several upstreams. */
export const sharingRules: Rule[] = [...choosingRules, ...handingOnRules, ...statusRules].map(
  (rule): Rule =>
    (facts) =>
      facts.evidence.ports.upstreams === undefined ? undefined : rule(facts),
);
