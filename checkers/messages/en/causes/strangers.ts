/** Causes of bytes that go to the next socket with the number of a closed one. */
export const strangers = {
  restForStranger: (fd: number, left: number) =>
    `${left} bytes still waited for descriptor ${fd} when it was closed, and they were kept: the next socket with that number got bytes of another connection`,
};
