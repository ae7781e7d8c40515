/** Help in three steps: by TODO ('4.1.3'), by check ('4.1 listening'), and by the stable name of a cause. */
import { causeHints, checkHints } from './checks.ts';
import { todoHints } from './todos.ts';

export const hints = { todos: todoHints, checks: checkHints, causes: causeHints };
