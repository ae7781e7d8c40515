/** Causes of what goes wrong with bytes in pipes. */
export const pipes = {
  spliceFailed: (from: number, to: number | string | undefined, why: string) =>
    `splice() from descriptor ${from} into ${to} failed with ${why}: of the two descriptors of a pipe the first is to be read from and the second to be written into`,
  notEmptied: (into: number, filled: string, from: number) =>
    `there were ${filled} bytes in the pipe of descriptor ${into}, and more was put into it from ${from}: what is in a pipe has to be moved out, all of it, before more goes in`,
  strangersBytes: (out: number, filled: string, to: number) =>
    `there were ${filled} bytes in the pipe of descriptor ${out} that came from another connection, and they went to ${to}: a pipe with bytes in it must not be kept for others`,
  halfOpen: (count: number) =>
    `of ${count} pipes one end was closed and the other one was not: a pipe has two descriptors, and both have to be closed`,
  leftOpen: (count: number) =>
    `${count} pipes are open: whoever needs one no longer has to keep it for the next one, or to close both of its ends`,
};
