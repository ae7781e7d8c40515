import type { Check } from '../../check.ts';
import { answersSlowReader } from '../serving/lines.ts';

export const slowReader: Check = {
  id: 'slow-reader',
  title: 'A client that sends megabytes and reads slowly gets every byte of every answer',
  todos: ['1.2.3'],
  doc: 'sendall',
  needs: ['line', 'several-lines'],
  run: answersSlowReader,
};
