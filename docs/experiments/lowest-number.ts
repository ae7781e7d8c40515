/** The kernel hands out the lowest number that is free. */
import { AF_INET, close, errno, SOCK_STREAM, socket } from '#linux';

socket(AF_INET, SOCK_STREAM, 0);
const fd = socket(AF_INET, SOCK_STREAM, 0);
close(fd);
const next = socket(AF_INET, SOCK_STREAM, 0);
console.log(`closed a socket; the next one gets ${next === fd ? 'the same number' : 'another number'}`);
console.log(`close: ${close(next)}`);
console.log(`close of the same number again: ${close(next)}, errno ${errno()}`);
