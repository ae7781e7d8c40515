/** What an unfilled stub does when the program reaches it. Every stage's skeleton imports it as '#todo'. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Exit status of a program that reached a stub; the checkers tell it apart from a crash by it. */
export const STUB_EXIT_CODE = 70;

/**
 * Says which stub the program reached, and ends it. Replace the call with your own code.
 *
 * @param number the TODO's number, e.g. '4.1.3': stage 4, milestone 1, third gap
 */
export function todo(number: string): never {
  const [, , stub, caller] = new Error('todo').stack?.split('\n') ?? [];
  const { name, place } = frameOf(stub);
  process.stderr.write(`Not written yet: TODO ${number} in ${name}${place}\n`);
  // For the checkers: a stub that is not due yet was called by mistake.
  const by = frameOf(caller);
  if (process.env.WORKSHOP_TRACE && by.place !== '') process.stderr.write(`  called by ${by.name}${by.place}\n`);
  process.exit(STUB_EXIT_CODE);
}

/** The function and the place of one line of a stack. */
function frameOf(line = ''): { name: string; place: string } {
  const [, name = 'the program', file = '', number = ''] = /at (?:async )?(\S+) \((.+):(\d+):\d+\)/.exec(line) ?? [];
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  return { name, place: path === '' ? '' : ` (${relative(process.cwd(), path)}:${number})` };
}
