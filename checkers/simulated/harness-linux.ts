/** In place of '#linux' in the harness: calls of its own process, none of which waits. */
import { errorText } from '../../linux/simulated/errors.ts';
import { call, world } from './world.ts';

export { parse_sockaddr_in, SOCKADDR_IN_LENGTH, sockaddr_in } from '../../linux/address.ts';
export * from '../../linux/constants.ts';

type Calls = ReturnType<typeof world>['calls'];

function now<Name extends keyof Calls>(name: Name): (...args: Parameters<Calls[Name]>) => number {
  return (...args) => call((world().calls[name] as (...given: unknown[]) => ReturnType<Calls[Name]>)(...args));
}

export const socket = now('socket');
export const bind = now('bind');
export const listen = now('listen');
export const accept4 = now('accept4');
export const connect = now('connect');
export const setsockopt = now('setsockopt');
export const getsockopt = now('getsockopt');
export const getpeername = now('getpeername');
export const close = now('close');
export const strerror = errorText;
export const errno = (): string => world().harness.errno;
