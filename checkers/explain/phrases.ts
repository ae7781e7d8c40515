/** The causes of a whole class, from all files that name one. */
import type { Phrases } from './cause.ts';
import { phrases as accepting } from './causes/accepting.ts';
import { phrases as argumentsPhrases } from './causes/arguments.ts';
import { phrases as asking } from './causes/asking.ts';
import { phrases as backpressure } from './causes/backpressure.ts';
import { phrases as choosing } from './causes/choosing.ts';
import { phrases as closing } from './causes/closing.ts';
import { phrases as connecting } from './causes/connecting.ts';
import { phrases as edges } from './causes/edges.ts';
import { phrases as ending } from './causes/ending.ts';
import { phrases as halfClose } from './causes/half-close.ts';
import { phrases as handingOn } from './causes/handing-on.ts';
import { phrases as handshakes } from './causes/handshakes.ts';
import { phrases as leaving } from './causes/leaving.ts';
import { phrases as ledAstray } from './causes/led-astray.ts';
import { phrases as lines } from './causes/lines.ts';
import { phrases as looping } from './causes/looping.ts';
import { phrases as neverRead } from './causes/never-read.ts';
import { phrases as pipes } from './causes/pipes.ts';
import { phrases as printed } from './causes/printed.ts';
import { phrases as relaying } from './causes/relaying.ts';
import { phrases as rest } from './causes/rest.ts';
import { phrases as sending } from './causes/sending.ts';
import { phrases as serving } from './causes/serving.ts';
import { phrases as sharedSockets } from './causes/shared-sockets.ts';
import { phrases as spinning } from './causes/spinning.ts';
import { phrases as standardInput } from './causes/standard-input.ts';
import { phrases as starting } from './causes/starting.ts';
import { phrases as status } from './causes/status.ts';
import { phrases as strangers } from './causes/strangers.ts';
import { phrases as typed } from './causes/typed.ts';
import { phrases as workers } from './causes/workers.ts';
import { phrases as explain } from './explain.ts';
import { phrases as unstarted } from './unstarted.ts';

export const phrases: Phrases = {
  ...argumentsPhrases,
  ...serving,
  ...looping,
  ...printed,
  ...lines,
  ...relaying,
  ...starting,
  ...ending,
  ...backpressure,
  ...closing,
  ...accepting,
  ...asking,
  ...connecting,
  ...sharedSockets,
  ...sending,
  ...rest,
  ...leaving,
  ...halfClose,
  ...ledAstray,
  ...handshakes,
  ...standardInput,
  ...typed,
  ...neverRead,
  ...unstarted,
  ...spinning,
  ...explain,
  ...workers,
  ...edges,
  ...handingOn,
  ...choosing,
  ...pipes,
  ...strangers,
  ...status,
};
