/** In place of node:os in checks. */
export function tmpdir(): string {
  return '/tmp';
}
