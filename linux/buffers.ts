/** Keeps a length that a program hands to the kernel within the buffer that it hands over with it. */

/**
 * C trusts the caller here, and a wrong length overwrites foreign memory. We say so instead.
 *
 * @param call name of the system call, for the message
 * @param buffer what is handed over
 * @param length how many bytes of it the kernel may touch
 * @throws RangeError when length is no whole number from 0 to buffer.length
 */
export function checkLength(call: string, buffer: Buffer, length: number): void {
  if (Number.isInteger(length) && length >= 0 && length <= buffer.length) return;
  throw new RangeError(`${call}: length ${length} does not fit the buffer, which has ${buffer.length} bytes`);
}
