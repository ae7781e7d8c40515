import type { Check } from '../../lab/check.ts';
import { text } from '../../messages/index.ts';
import { answersSlowReader } from '../serving/lines.ts';

export const slowReader: Check = {
  id: 'slow-reader',
  title: text.checks.stage1.slowReaderTitle,
  todos: ['1.2.3'],
  doc: 'sendall',
  needs: ['line', 'several-lines'],
  run: answersSlowReader,
};
