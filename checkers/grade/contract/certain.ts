/** Whether a verdict would be the same at another try. */

/** @param attempts of each check: no try broke, none differed from another, and the time was enough */
export function isCertain(attempts: string[][]): boolean {
  return attempts.every((all) => new Set(all).size < 2 && !all.includes('broken') && !all.includes('out of time'));
}
