/** Whether a program under strace sends the bytes that it has just received. strace shows the first bytes of each call. */
import type { TraceRecord } from '../contract/trace-record.ts';

type Comparison = Pick<TraceRecord, 'offset' | 'beyond'>;

/** Adds to each send() how it compares with the last bytes that its process received, if the first bytes tell. */
export function compared(records: TraceRecord[]): TraceRecord[] {
  const received = new Map<number, TraceRecord>();
  return records.map((record) => {
    const last = received.get(record.pid);
    if (record.call === 'recv' && Number(record.result) > 0) received.set(record.pid, record);
    return record.call === 'send' && last !== undefined ? { ...record, ...compare(last, record) } : record;
  });
}

function compare(recv: TraceRecord, send: TraceRecord): Comparison {
  const [came, given] = [recv.head ?? '', send.head ?? ''];
  const [most, length] = [Number(recv.result), Number(send.args.length)];
  const common = Math.min(came.length, given.length);
  if (common === 0 || length <= 0) return {};
  if (came.slice(0, common) === given.slice(0, common)) return { offset: 0, ...(length > most && { beyond: true }) };
  if (length < most && isHidden(recv)) return {};
  const place = came.indexOf(given);
  // Among all that came there would be room for it, and it is not there; or it begins otherwise and is no shorter.
  return { offset: place !== -1 && place % 2 === 0 && length < most ? place / 2 : -1 };
}

/** Whether more came than strace shows. */
function isHidden({ head = '', result }: TraceRecord): boolean {
  return head.length < 2 * Number(result);
}
