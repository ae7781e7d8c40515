/** The kinds of connections in a soak, with every kind of ending, on either side. */

/** What one connection does. The first 16 bytes tell the upstream which one it is. */
export interface Story {
  name: string;
  /** relative frequency */
  weight: number;
  /** bytes that the client sends after the head, and the upstream sends */
  up: number;
  down: number;
  /** the side that reads with pauses */
  slow?: 'client' | 'upstream';
  /** how it ends: the side that first sends FIN, or aborts the connection */
  ending: 'client-ends' | 'upstream-ends' | 'client-resets' | 'upstream-resets' | 'client-leaves';
  /** a pause before the end, in ms */
  restMs?: number;
}

const MIB = 1024 * 1024;

export const stories: Story[] = [
  { name: 'a question and its answer', weight: 30, up: 200, down: 900, ending: 'client-ends' },
  { name: 'a download, ended by the upstream', weight: 6, up: 0, down: 3 * MIB, ending: 'upstream-ends' },
  { name: 'an upload, ended by the client', weight: 6, up: 3 * MIB, down: 64, ending: 'client-ends' },
  { name: 'much both ways at the same time', weight: 4, up: 2 * MIB, down: 2 * MIB, ending: 'client-ends' },
  { name: 'the upstream ends first, the client goes on', weight: 4, up: MIB, down: 5000, ending: 'upstream-ends' },
  { name: 'a client that reads slowly', weight: 2, up: 0, down: 6 * MIB, slow: 'client', ending: 'upstream-ends' },
  { name: 'an upstream that reads slowly', weight: 2, up: 6 * MIB, down: 10, slow: 'upstream', ending: 'client-ends' },
  { name: 'a client that resets in the middle', weight: 4, up: 100, down: 8 * MIB, ending: 'client-resets' },
  { name: 'an upstream that resets in the middle', weight: 4, up: 8 * MIB, down: 100, ending: 'upstream-resets' },
  { name: 'a client that leaves unread bytes behind', weight: 4, up: 0, down: 8 * MIB, ending: 'client-leaves' },
  { name: 'a client that leaves without a word', weight: 6, up: 0, down: 0, ending: 'client-ends' },
  { name: 'a long silence', weight: 3, up: 50, down: 50, restMs: 1500, ending: 'client-ends' },
];

export const HEAD_BYTES = 16;
const MAGIC = 0x50a4_50a4;

/** The head of a connection: its number and its story. */
export function headOf(id: number, story: number): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt32BE(id, 4);
  bytes.writeUInt32BE(story, 8);
  bytes.writeUInt32BE((MAGIC ^ id ^ story) >>> 0, 12);
  return bytes;
}

/** Reads a head; undefined if the bytes are not a head, because some were lost or belong to another connection. */
export function readHead(bytes: Buffer): { id: number; story: Story } | undefined {
  const [id, number] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)];
  const right = bytes.readUInt32BE(0) === MAGIC && bytes.readUInt32BE(12) === (MAGIC ^ id ^ number) >>> 0;
  const story = stories[number];
  return right && story !== undefined ? { id, story } : undefined;
}

/** The story of a connection, by weight: the same for the same number. */
export function chooseStory(random: number): number {
  const total = stories.reduce((sum, { weight }) => sum + weight, 0);
  let left = random * total;
  return Math.max(
    0,
    stories.findIndex(({ weight }) => {
      left -= weight;
      return left < 0;
    }),
  );
}
