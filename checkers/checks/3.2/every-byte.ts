import type { Check } from '../../harness/check.ts';
import { everyByte as ofStage1 } from '../1.2/every-byte.ts';

export const everyByte: Check = { ...ofStage1, todos: ['3.2.1'], doc: 'handleclient' };
