/** Causes of what goes wrong with bytes in pipes. */
export const pipes = {
  spliceFailed: (from: number, to: number | string | undefined, why: string) =>
    `splice() from descriptor ${from} into ${to} failed with ${why}: the first descriptor of a pipe is for reading, the second for writing`,
  notEmptied: (into: number, filled: string, from: number) =>
    `the pipe of descriptor ${into} held ${filled} bytes, and the program moved more into it from ${from}: a pipe has to be empty before more goes in`,
  strangersBytes: (out: number, filled: string, to: number) =>
    `the pipe of descriptor ${out} held ${filled} bytes of another connection, and they went to ${to}: a pipe with bytes in it must not be reused`,
  halfOpen: (count: number) =>
    `of ${count} pipes only one end was closed: a pipe has two descriptors, and both have to be closed`,
  leftOpen: (count: number) =>
    `${count} pipes are open: the program has to reuse a pipe that it no longer needs, or to close both of its ends`,
};
