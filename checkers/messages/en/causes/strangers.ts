/** Causes of bytes that go to whoever gets the number of a socket that was closed. */
export const strangers = {
  restForStranger: (fd: number, left: number) =>
    `${left} bytes still waited for descriptor ${fd} when it was closed, and they were kept: the next socket with that number was sent what nobody had sent to it`,
};
