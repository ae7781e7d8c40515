/** The connection to Redis, which holds the jobs and results of a queue. */
import type { Redis } from 'ioredis';
import { BatchError } from '../contract/batch-error.ts';

const CONNECT_MS = 5000;
/** A server that accepts a connection and does not answer like Redis within this time is another server. */
const ANSWER_MS = 5000;
const PROBE = 'workshop:probe';

/** Redis's error codes for refused commands, with their meaning and what to do. */
const REFUSALS: Record<string, string> = {
  NOAUTH: 'it asks for a password. Name it in the address: redis://:PASSWORD@HOST:PORT',
  WRONGPASS: 'the user name or the password is wrong. Check both in the address: redis://USER:PASSWORD@HOST:PORT',
  NOPERM: 'its user may not do this. The queue needs all commands on keys that begin with workshop: (ACL SETUSER)',
  READONLY: 'it is a replica that can only be read. Name the primary server with: redis URL',
  OOM: 'its memory is full. Raise maxmemory there, or remove what it does not need; then run the command again',
  MISCONF: 'it cannot save to its disk, and takes nothing new. Make room on its disk, then run the command again',
  LOADING: 'it is still loading its data. Run the command again in a moment',
  BUSY: 'it is busy with a script. Run the command again in a moment',
  MASTERDOWN: 'it is a replica without a primary server. Run the command again after the failover',
  NOREPLICAS: 'it waits for its replicas, and takes nothing new. Run the command again when they are back',
  CLUSTERDOWN: 'its cluster is down. Run the command again when it is back',
  MOVED: 'it is a part of a cluster. The queue needs a single server; name one with: redis URL',
  CROSSSLOT: 'it is a part of a cluster. The queue needs a single server; name one with: redis URL',
};

/**
 * Connects.
 *
 * @param url redis://HOST:PORT
 * @param use 'read': results can be taken from a server that is full, or can only be read
 * @throws BatchError when no Redis server answers there, or it refuses what it is needed for
 */
export async function connectRedis(url: string, use: 'read' | 'write' = 'write'): Promise<Redis> {
  const { Redis } = await import('ioredis');
  if (!/^rediss?:\/\//.test(url)) {
    throw new BatchError(
      `The address of a Redis server begins with redis://, e.g. redis://127.0.0.1:6379; '${shown(url)}' does not.`,
    );
  }
  // Workers block in one command for an unlimited time; BullMQ requires this setting.
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
    await mustAnswer(redis, use);
    // ioredis goes on with database 0, and only reports that the database in the address does not exist.
    if (reason.includes('DB index')) throw new Error(reason);
    connected = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    const refused = refusalOf(error as Error, url) ?? refusalOf(new Error(reason), url);
    if (refused !== undefined) throw refused;
    const why = reason === '' ? (error as Error).message : reason;
    throw new BatchError(`No Redis server answers at ${shown(url)} (${why}). Start one, or name it with: redis URL`);
  }
}

/** Asks for a key or, since a server may accept connections and reads but no writes, writes one that goes away by itself. */
async function mustAnswer(redis: Redis, use: 'read' | 'write'): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it does not answer like Redis')), ANSWER_MS);
  });
  try {
    const answer = use === 'read' ? redis.get(PROBE) : redis.set(PROBE, '1', 'PX', ANSWER_MS);
    await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * What to tell about an answer with which Redis refused a command.
 *
 * @param error as ioredis or BullMQ throws it, e.g. 'READONLY You can't write against a read only replica.'
 * @param url of the server
 * @returns undefined for an error that is no answer of Redis
 */
export function refusalOf({ name, message }: Error, url: string): BatchError | undefined {
  // From a script, BullMQ's way to write, the answer begins with 'ERR Error running script' or ends with its place.
  const word = Object.keys(REFUSALS).find((one) => new RegExp(`(^|[ :])-?${one} `).test(`${message} `));
  const what = word === undefined ? undefined : REFUSALS[word];
  if (what !== undefined) return new BatchError(`Redis at ${shown(url)} refuses: ${what}`);
  if (/DB index is out of range/.test(message))
    return new BatchError(
      `Redis at ${shown(url)} refuses: it has no database with this number. Leave it out: redis://HOST:PORT`,
    );
  return name === 'ReplyError' ? new BatchError(`Redis at ${shown(url)} refuses: ${message}`) : undefined;
}

/** Without a password. */
function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//');
}
