/** In place of checkers/root.ts: the repository as a simulated program sees it. */
import { relative } from './node-path.ts';

export const root = '/workshop';

export function fromRoot(path: string): string {
  return relative(root, path);
}
