/** Why a check failed, and what proves it. */
import { accepting } from './accepting.ts';
import { asking } from './asking.ts';
import { backpressure } from './backpressure.ts';
import { closing } from './closing.ts';
import { ending } from './ending.ts';
import { halfClose } from './half-close.ts';
import { leaving } from './leaving.ts';
import { lines } from './lines.ts';
import { looping } from './looping.ts';
import { relaying } from './relaying.ts';
import { sending } from './sending.ts';
import { serving } from './serving.ts';
import { sharing } from './sharing.ts';
import { starting } from './starting.ts';

export const causes = {
  accepting,
  asking,
  backpressure,
  closing,
  ending,
  halfClose,
  leaving,
  lines,
  looping,
  relaying,
  sending,
  serving,
  sharing,
  starting,
};
