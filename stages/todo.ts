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
  const caller = /at (?:async )?(\S+) \((.+):(\d+):\d+\)/.exec(new Error('todo').stack?.split('\n')[2] ?? '');
  const [, name = 'the program', file = '', line = ''] = caller ?? [];
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const place = path === '' ? '' : ` (${relative(process.cwd(), path)}:${line})`;
  process.stderr.write(`Not written yet: TODO ${number} in ${name}${place}\n`);
  process.exit(STUB_EXIT_CODE);
}
