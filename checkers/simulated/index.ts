/** What the bundle of the simulator exports. */
import * as globals from './virtual-time.ts';

export { type Host, judge, type Order } from './judge.ts';
export { globals };
