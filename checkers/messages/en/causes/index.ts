/** Why a check failed, and what proves it. */
import { accepting } from './accepting.ts';
import { asking } from './asking.ts';
import { backpressure } from './backpressure.ts';
import { closing } from './closing.ts';
import { edges } from './edges.ts';
import { ending } from './ending.ts';
import { halfClose } from './half-close.ts';
import { handshakes } from './handshakes.ts';
import { leaving } from './leaving.ts';
import { ledAstray } from './led-astray.ts';
import { lines } from './lines.ts';
import { looping } from './looping.ts';
import { pipes } from './pipes.ts';
import { relaying } from './relaying.ts';
import { sending } from './sending.ts';
import { serving } from './serving.ts';
import { sharedSockets } from './shared-sockets.ts';
import { sharing } from './sharing.ts';
import { starting } from './starting.ts';
import { strangers } from './strangers.ts';
import { workers } from './workers.ts';

export const causes = {
  accepting,
  asking,
  backpressure,
  closing,
  edges,
  ending,
  halfClose,
  handshakes,
  leaving,
  ledAstray,
  lines,
  looping,
  pipes,
  relaying,
  sending,
  serving,
  sharedSockets,
  sharing,
  starting,
  strangers,
  workers,
};
