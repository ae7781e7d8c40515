/** The way to Redis, where jobs and results of a queue are. */
import type { Redis } from 'ioredis';
import { BatchError } from '../batch/grader.ts';

const CONNECT_MS = 5000;

/**
 * Connects.
 *
 * @param url redis://HOST:PORT
 * @throws BatchError when nobody answers there
 */
export async function connectRedis(url: string): Promise<Redis> {
  const { Redis } = await import('ioredis');
  if (!/^rediss?:\/\//.test(url)) {
    throw new BatchError(
      `The address of a Redis server begins with redis://, e.g. redis://127.0.0.1:6379; '${shown(url)}' does not.`,
    );
  }
  // Workers wait in one command for as long as it takes; BullMQ asks for this setting.
  let connected = false;
  const retryStrategy = (times: number) => (connected ? Math.min(times * 200, 2000) : null);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: null,
    retryStrategy,
  });
  let reason = '';
  redis.on('error', (error: NodeJS.ErrnoException) => {
    reason = error.code ?? error.message;
  });
  try {
    await redis.connect();
    connected = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const why = reason === '' ? (error as Error).message : reason;
    throw new BatchError(`No Redis server answers at ${shown(url)} (${why}). Start one, or name it with: redis URL`);
  }
}

/** Without a password. */
function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
