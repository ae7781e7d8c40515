/** Internal: tries the system calls of the learners' programs. */
import { AF_INET, epoll_create1, errno, SOCK_STREAM, socket } from '#linux';

export async function main(): Promise<number> {
  const [one, other] = [socket(AF_INET, SOCK_STREAM, 0), epoll_create1(0)];
  if (one >= 0 && other >= 0) return 0;
  console.log(errno());
  return 1;
}
