/** Checks that a length passed to the kernel fits its buffer. */
import { checkBuffer, message } from './arguments.ts';

/**
 * C trusts the caller here, and a wrong length overwrites other memory. This throws instead.
 *
 * @param call name of the system call, for the message
 * @param buffer the buffer
 * @param length how many bytes of it the kernel may access
 * @param name what the call's own documentation calls the buffer
 * @throws TypeError when one of them is missing, or of another type
 * @throws RangeError when length is no whole number from 0 to buffer.length
 */
export function checkLength(call: string, buffer: Buffer, length: number, name = 'buffer'): void {
  checkBuffer(call, name, buffer);
  if (typeof length !== 'number') throw new TypeError(message(call, 'length', 'a number', length));
  if (Number.isInteger(length) && length >= 0 && length <= buffer.length) return;
  throw new RangeError(`${call}: length ${length} does not fit the buffer, which has ${buffer.length} bytes`);
}
