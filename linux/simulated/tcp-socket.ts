/** A TCP socket: its state, and what it tells those who wait for it. As in Linux's net/ipv4/tcp.c. */
import { EPOLLERR, EPOLLHUP, EPOLLRDHUP } from '../constants.ts';
import { ByteQueue } from './byte-queue.ts';
import { EPIPE } from './errors.ts';
import { DATA_READY, READABLE, WRITABLE, WRITE_SPACE } from './events.ts';
import { O_RDWR, OpenFile } from './file.ts';
import type { Link, Network } from './network.ts';
import { ANY_ADDRESS, type PortHolder } from './ports.ts';
import type { Task } from './scheduler.ts';

/** The states of RFC 9293, by Linux's names. TIME_WAIT has no socket any more: see TimeWait. */
export type TcpState =
  | 'CLOSE'
  | 'LISTEN'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE_WAIT'
  | 'CLOSING'
  | 'LAST_ACK';

/** How far connect() has come, as the socket layer sees it: Linux's SS_UNCONNECTED and so on. */
export type Phase = 'UNCONNECTED' | 'CONNECTING' | 'CONNECTED' | 'DISCONNECTING';

/** Bits of TcpSocket.ended. */
export const RECEIVING_ENDED = 1;
export const SENDING_ENDED = 2;
export const BOTH_ENDED = 3;

/** An IPv4 address and a port. */
export interface Endpoint {
  address: string;
  port: number;
}

/** The options of setsockopt(2) that change something here; see socket(7) and tcp(7). */
export interface SocketOptions {
  reuse: boolean;
  reusePort: boolean;
  keepAlive: boolean;
  noDelay: boolean;
  /** TCP_CORK: what does not fill a segment waits */
  cork: boolean;
  lingers: boolean;
  /** in seconds */
  lingerTime: number;
  receiveLeast: number;
  /** in ms; Infinity: none */
  receiveTimeout: number;
  sendTimeout: number;
  sendBuffer: number;
  receiveBuffer: number;
  /** what getsockopt() reports for the two */
  sendBufferValue: number;
  receiveBufferValue: number;
}

export abstract class TcpSocket extends OpenFile implements PortHolder, Link {
  state: TcpState = 'CLOSE';
  phase: Phase = 'UNCONNECTED';
  /** which directions are over: RECEIVING_ENDED, SENDING_ENDED */
  ended = 0;
  /** an error that waits for the next call; SO_ERROR takes it */
  error = 0;
  /** the end of the stream has come from the peer */
  streamEnded = false;
  readonly received = new ByteQueue();
  /** taken by send(), not sent yet */
  readonly unsent = new ByteQueue();
  /** sent, and the peer has not said yet that they came */
  unacknowledged = 0;
  finWanted = false;
  finSent = false;
  /** ends the wait of bytes that MSG_MORE or TCP_CORK holds back */
  holdTimer: Task | undefined;
  /** a sender found no room: it is to be told when there is some */
  noSpace = false;
  /** the program has closed it; it goes on by itself until its connection is over */
  orphaned = false;
  /** the other end of the connection */
  peer: TcpSocket | undefined;
  readonly onTheWay: (() => void)[] = [];

  local: Endpoint = { address: ANY_ADDRESS, port: 0 };
  remote: Endpoint = { address: ANY_ADDRESS, port: 0 };
  /** the port that it holds; 0: none. getsockname() may still name an earlier one. */
  heldPort = 0;
  /** bind() named the port, or the address: they stay when a connection ends */
  portNamed = false;
  addressNamed = false;

  /** a listener's: how many connections may wait */
  backlog = 0;
  readonly acceptQueue: TcpSocket[] = [];
  /** connections whose handshake is under way */
  handshakes = 0;
  /** the listener that a waiting connection belongs to */
  listener: TcpSocket | undefined;

  constructor(
    readonly network: Network,
    flags: number,
    readonly options: SocketOptions,
  ) {
    super(O_RDWR | flags);
  }

  get address(): string {
    return this.local.address;
  }

  get reuse(): boolean {
    return this.options.reuse;
  }

  get reusePort(): boolean {
    return this.options.reusePort;
  }

  get listening(): boolean {
    return this.state === 'LISTEN';
  }

  /** Bytes in the send buffer. */
  get queued(): number {
    return this.unsent.length + this.unacknowledged;
  }

  /** Room is announced only when a third of the send buffer is free: sk_stream_is_writeable() in Linux. */
  get hasRoom(): boolean {
    return this.options.sendBuffer - this.queued >= this.queued / 2;
  }

  /** tcp_poll() in Linux. */
  override poll(): number {
    if (this.state === 'LISTEN') return this.acceptQueue.length > 0 ? READABLE : 0;
    let mask = 0;
    if (this.ended === BOTH_ENDED || this.state === 'CLOSE') mask |= EPOLLHUP;
    if (this.ended & RECEIVING_ENDED) mask |= READABLE | EPOLLRDHUP;
    if (this.state !== 'SYN_SENT' && this.state !== 'SYN_RECV') {
      if (this.received.length >= this.options.receiveLeast) mask |= READABLE;
      if (this.ended & SENDING_ENDED || this.hasRoom) mask |= WRITABLE;
      else this.noSpace = true;
    }
    if (this.error !== 0) mask |= EPOLLERR;
    return mask;
  }

  /** Takes the error that waits. */
  takeError(): number {
    const { error } = this;
    this.error = 0;
    return error;
  }

  /** send() to a connection that is over. */
  brokenPipe(): number {
    return -(this.takeError() || EPIPE);
  }

  /** Something changed for good: wakes everything that waits. */
  stateChanged(): void {
    this.queue.wakeAll();
  }

  dataReady(): void {
    if (this.received.length >= this.options.receiveLeast || this.streamEnded) this.queue.wake(DATA_READY);
  }

  connectionReady(): void {
    this.queue.wake(DATA_READY);
  }

  /** Announces room, once a sender has found none. */
  writeSpace(): void {
    if (!this.noSpace || !this.hasRoom) return;
    this.noSpace = false;
    this.queue.wake(WRITE_SPACE);
  }

  /** Names the connection, as seen from here. */
  get key(): string {
    return connectionKey(this.local, this.remote);
  }

  /** Makes a listener's connection: it inherits the listener's options, and nothing else. See accept(2). */
  abstract offspring(): TcpSocket;
}

/** Whether a socket may still send: the states in which tcp_sendmsg() does not ask any further. */
export function isOpenForSending({ state }: TcpSocket): boolean {
  return state === 'ESTABLISHED' || state === 'CLOSE_WAIT';
}

export function connectionKey(local: Endpoint, remote: Endpoint): string {
  return `${local.address}:${local.port}-${remote.address}:${remote.port}`;
}
