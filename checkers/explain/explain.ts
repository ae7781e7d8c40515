/** From evidence to words: one cause, the next step, where to read. Only for failed checks; never changes a verdict. */
import { STUB_EXIT_CODE } from '../../stages/todo.ts';
import type { Check, Evidence, Explanation } from '../check.ts';
import type { Stage } from '../course/course.ts';
import { causeOfExit, errorOf } from './exit.ts';
import { causeOfSymptom } from './symptoms.ts';

/** Written by stages/todo.ts. */
const STUB = /^Not written yet: TODO (\d+\.\d+\.\d+) in (\S+)(?: \((.+):(\d+)\))?$/;

/**
 * Explains a failed check.
 *
 * @param check which one
 * @param evidence what was seen
 * @param stage where the lesson and the file are
 * @param typescript whether the program is the learner's TypeScript, so that TODOs mean something
 */
export function explain(check: Check, evidence: Evidence, stage: Stage, typescript: boolean): Explanation {
  const doc = `${stage.doc}#${check.doc}`;
  const stub = evidence.lastLines.map((line) => STUB.exec(line)).find((match) => match !== null);
  if (stub && (evidence.exit === undefined || evidence.exit.code === STUB_EXIT_CODE)) {
    const [, todo = '', name = '', file = stage.file, line = ''] = stub;
    return {
      cause: `${name} is still a stub, and the program got there`,
      todo,
      next: `write TODO ${todo} in ${name} (${file}:${line})`,
      doc: `${stage.doc}#${sectionOf(name)}`,
    };
  }
  const error = evidence.symptom === 'stopped' ? errorOf(evidence.lastLines) : undefined;
  const cause = evidence.symptom === 'stopped' ? causeOfExit(evidence) : causeOfSymptom(evidence);
  const [todo] = check.todos;
  const place = error?.place === undefined ? '' : ` at ${error.place}`;
  if (!typescript) return { ...(cause && { cause }), next: 'compare with the section named below', doc };
  const next = error === undefined ? `look again at TODO ${check.todos.join(', ')}` : `look at the error${place}`;
  return { ...(cause && { cause }), ...(todo && { todo }), next, doc };
}

/** The docs page has a section for each function; a few share one. */
function sectionOf(name: string): string {
  const shared: Record<string, string> = {
    isConnSock: 'isconnsock-and-isupstreamsock',
    isUpstreamSock: 'isconnsock-and-isupstreamsock',
    findMatchingUpstream: 'findmatchingupstream-and-findmatchingconn',
    findMatchingConn: 'findmatchingupstream-and-findmatchingconn',
  };
  return shared[name] ?? name.toLowerCase();
}
