/**
 * Checks of the arguments of system calls. C's compiler refuses these mistakes; koffi's messages name neither the call nor
 * the argument, and it silently converts NaN to a number.
 */

/** What C declares for a parameter, as far as it can be checked here. */
type Kind = 'int' | 'size' | 'pointer';

/** One parameter of a system call. */
export interface Parameter {
  name: string;
  kind: Kind;
}

/** An int, or a mask of 32 bits. */
const LEAST_INT = -0x8000_0000;
const MAX_INT = 0xffff_ffff;

/** Reads the parameters out of a C prototype; those behind `...` are not among them. */
export function parametersOf(prototype: string): Parameter[] {
  const list = /\((.*)\)/.exec(prototype)?.[1] ?? '';
  return list
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '...' && text !== '')
    .map((text) => ({ name: /(\w+)$/.exec(text)?.[1] ?? '', kind: kindOf(text) }));
}

function kindOf(declaration: string): Kind {
  if (declaration.includes('*')) return 'pointer';
  return /size_t|uint32_t/.test(declaration) ? 'size' : 'int';
}

/**
 * Refuses arguments that C would not take.
 *
 * @throws TypeError that names the call and the argument when one is missing or of another type
 * @throws RangeError when a number is not whole, or out of C's range
 */
export function checkArguments(call: string, parameters: Parameter[], values: unknown[]): void {
  for (let i = 0; i < parameters.length; i += 1) {
    const parameter = parameters[i] as Parameter;
    if (parameter.kind === 'pointer') {
      if (values[i] !== null) checkBuffer(call, parameter.name, values[i]);
    } else checkNumber(call, parameter.name, values[i], parameter.kind === 'size' ? 0 : LEAST_INT);
  }
}

/** Refuses what is not a whole number of at least `least`; errors as in checkArguments. */
export function checkNumber(call: string, name: string, value: unknown, least = LEAST_INT): asserts value is number {
  if (typeof value !== 'number') throw new TypeError(message(call, name, 'a number', value));
  if (Number.isInteger(value) && value >= least && value <= MAX_INT) return;
  const expected = least === 0 ? 'a whole number, 0 or more' : 'a whole number of 32 bits';
  throw new RangeError(message(call, name, expected, value));
}

/** Refuses what is not an event for epoll_ctl(); errors as in checkArguments. */
export function checkEpollEvent(event: unknown): void {
  if (typeof event !== 'object') {
    throw new TypeError(
      message('epoll_ctl', 'event', 'an object such as { events: EPOLLIN, data: { fd } }, or null', event),
    );
  }
  const { events, data } = Object(event) as { events?: unknown; data?: unknown };
  checkNumber('epoll_ctl', 'event.events', events);
  if (typeof data !== 'object' || data === null) {
    throw new TypeError(message('epoll_ctl', 'event.data', 'an object such as { fd }', data));
  }
  const { fd } = data as { fd?: unknown };
  checkNumber('epoll_ctl', 'event.data.fd', fd);
  if (fd > 0x7fff_ffff) throw new RangeError(message('epoll_ctl', 'event.data.fd', 'a C int', fd));
}

/** Refuses what is not a Buffer; errors as in checkArguments. */
export function checkBuffer(call: string, name: string, value: unknown): asserts value is Buffer {
  if (value instanceof Uint8Array) return;
  const text = typeof value === 'string' ? '. Buffer.from(text) makes one' : '';
  throw new TypeError(message(call, name, 'a Buffer', value) + text);
}

/** 'epoll_create1: flags is missing, expected a number', 'send: buffer is the string 'abc', expected a Buffer' */
export function message(call: string, name: string, expected: string, value: unknown): string {
  return `${call}: ${name} is ${found(value)}, expected ${expected}`;
}

/** Maximum length of a quoted string. */
const MAX_TEXT = 20;

function found(value: unknown): string {
  if (value === undefined) return 'missing (undefined)';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    return `the string '${value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value}'`;
  }
  if (Array.isArray(value)) return 'an array';
  return value instanceof Uint8Array ? 'a Buffer' : `a value of type ${typeof value}`;
}
