/** Causes as one says them of several programs: '14 of 60 never remove the row'. */

/** By the id of the cause. Where one program and several differ, both stand in brackets: `leave[s]`, `[are|is]`. */
const phrases: Record<string, string> = {
  'accept-missing': 'never call[s] accept() for a client that waits',
  'always-writable': 'ask[s] for EPOLLOUT all the time, so the loop never rests',
  'answer-cut': 'take[s] a piece of an answer for the whole answer',
  'answered-twice': 'answer[s] one line twice',
  'answers-left': 'receive[s] one answer where several are due',
  'answers-pieces': 'answer[s] a piece of a line as if it were a line',
  'beginning-lost': 'forget[s] the beginning of a line that comes in pieces',
  'answers-itself': 'answer[s] clients without asking the upstream',
  'bind-failure-ignored': 'go[es] on although bind() failed',
  'bind-missing': 'listen[s] on a socket without bind()',
  'buffer-reused': 'overwrite[s] bytes that still wait to be sent',
  'bytes-changed': 'change[s] the bytes on their way',
  'call-failed-exit': 'end[s] because a system call failed',
  'client-abandoned': 'wait[s] for the next client while one is still there',
  'client-not-released': 'leave[s] the client waiting when connect() to the upstream fails',
  'closed-before-end': 'close[s] a connection before either side has ended',
  'closed-socket-used': 'use[s] a descriptor after having closed it',
  'closed-twice': 'close[s] a descriptor twice, and so somebody else’s connection',
  'closed-wrong-pair': 'close[s] a socket of another pair',
  'command-not-found': '[name|names] a command that is not there',
  'connect-missing': 'never call[s] connect()',
  'connects-too-early': 'connect[s] to the upstream before there is a client',
  'connects-twice': 'connect[s] more than once where one connection is due',
  'eagain-closes': 'take[s] EAGAIN for an error and close[s] the connection',
  'eagain-drops': 'drop[s] the bytes for which send() had no room (EAGAIN)',
  'edge-triggered-not-drained': 'use[s] EPOLLET without reading until nothing is left',
  'emfile-spin': 'go[es] round and round when descriptors run out',
  'end-ignored': 'do[es] nothing when the other side has ended the connection',
  'end-not-passed-on': 'do[es] not tell the other side that one side has finished',
  'end-read-again': 'go[es] on reading a stream that has ended',
  'ended-side-not-closed': 'close[s] only the partner of a socket that has ended',
  'event-data-wrong': 'attach[es] a descriptor with the number of another one',
  'event-not-handled': 'get[s] events from epoll_wait() and do[es] nothing about them',
  'failed-connect-ignored': 'go[es] on although connect() failed',
  'failure-not-reported': 'end[s] with exit code 0 although something failed',
  'first-line-only': 'use[s] only the first of several lines that come at once',
  'half-close-closes': 'close[s] both sides when one has only finished sending',
  'handshake-asked-for': 'wait[s] in connect() for an upstream that does not answer',
  'in-progress-taken-for-failure': 'take[s] EINPROGRESS of connect() for a failure',
  'input-end-ignored': 'read[s] on after the end of the input',
  'keeps-listening': 'keep[s] listening after SIGTERM',
  killed: '[are|is] ended by a signal',
  'last-line-lost': 'lose[s] the last line when it has no newline',
  'left-too-early': 'end[s] while clients are still connected',
  'leftovers-of-another': 'answer[s] what a client before had left behind',
  'lines-mixed': 'mix[es] the lines of several clients',
  'listen-missing': 'never call[s] listen()',
  'listener-closed': 'close[s] the listening socket',
  'listener-not-resumed': 'let[s] nobody in any more after descriptors ran out',
  'live-row-removed': 'remove[s] the row of a pair that is still there',
  'loop-ended': 'come[s] to an end instead of going on for ever',
  'loop-without-wait': 'loop[s] without ever calling epoll_wait()',
  'minus-one-added': 'add[s] the -1 of a failed send() to the bytes written',
  'never-accepts': 'listen[s] but never call[s] accept()',
  'never-leaves': 'do[es] not end when the last client has left after SIGTERM',
  'never-waits': 'ask[s] epoll_wait() not to wait, so the loop never rests',
  'newline-lost': 'send[s] answers without a newline',
  'newline-not-sent': 'send[s] lines without their newline',
  'newline-reversed': 'turn[s] the newline around with the line',
  'no-last-words': 'end[s] without saying why',
  'no-row-found': 'look[s] up a socket without finding its partner, and use[s] the -1',
  'not-attached': 'never attach[es] a socket to the loop',
  'not-reversed': 'send[s] lines back as they came',
  'one-shot-not-rearmed': 'use[s] EPOLLONESHOT without arming it anew',
  'partial-closes': 'close[s] the connection when send() takes only a part',
  'partial-send-ignored': 'forget[s] the rest when send() takes only a part',
  'partner-not-closed': 'close[s] the side that ended, but not its partner',
  'pauses-both-directions': 'stop[s] reading in both directions where only one is full',
  peeks: 'receive[s] with MSG_PEEK, so that the same bytes come again',
  'port-taken': 'find[s] the port taken by another program',
  'printed-more-than-received': 'print[s] more bytes than came',
  'program-not-found': '[name|names] a program that was not found',
  'program-not-runnable': '[name|names] a program that may not be run',
  'queue-thrown-away': 'throw[s] out who stood in the queue at SIGTERM',
  'reading-not-resumed': 'never read[s] on from a socket whose buffer has room again',
  'reads-without-limit': 'read[s] on although nobody takes the bytes, and keep[s] them all',
  'received-not-printed': 'receive[s] an answer and never print[s] it',
  'received-not-sent': 'receive[s] bytes and never send[s] them on',
  'recv-on-no-socket': 'call[s] recv() on something that is no socket',
  'resent-from-start': 'begin[s] again at the first byte when send() takes only a part',
  'reset-on-close': 'reset[s] connections when closing them, so that what is on the way is lost',
  'reset-not-passed-on': 'pass[es] a reset on as an ordinary end',
  'retries-for-ever': 'tr[y|ies] for ever to reach an upstream that is not there',
  'reuseaddr-late': 'set[s] SO_REUSEADDR only after bind()',
  'reuseaddr-missing': 'never set[s] SO_REUSEADDR, and cannot be started again at once',
  'reversed-together': 'reverse[s] several lines as if they were one',
  'room-never-asked-for': 'do[es] not ask epoll for room when bytes are left to be sent',
  'row-not-removed': 'never remove[s] the row of a pair that has ended',
  'send-error-ignored': 'call[s] send() again and again after it failed',
  'send-retried-at-once': 'tr[y|ies] a full socket again and again without waiting for room',
  'sends-nothing': 'offer[s] send() no bytes, for ever',
  'sent-back': 'send[s] the bytes back to the side that they came from',
  'sent-before-connected': 'send[s] to an upstream before the connection to it stands',
  'sent-less-than-received': 'send[s] fewer bytes than came',
  'sent-more-than-received': 'send[s] more bytes than came',
  'sent-to-wrong-socket': 'send[s] bytes to a socket of another pair',
  'sent-unasked': 'send[s] bytes that nobody has sent',
  'server-wrong-port': 'connect[s] to a port that is not the server’s',
  'shared-upstream': 'share[s] one upstream connection among all clients',
  'shutdown-without-close': 'call[s] shutdown() but never close()',
  'signals-not-read': 'do[es] not read the signal that came',
  'signals-not-watched': 'do[es] not watch the descriptor that signals come out of',
  'skips-after-partial': 'skip[s] bytes when send() takes only a part',
  'sleeps-in-the-loop': 'sleep[s] in the loop while everybody else waits',
  'stale-row': 'find[s] the row of a pair that is gone, and use[s] it',
  'still-starting': '[are|is] still starting when the check gives up',
  'stub-reached': 'get[s] to a function that is still to be written',
  'success-taken-for-failure': 'take[s] a call that succeeded for a failure',
  'text-conversion': 'turn[s] bytes into a string and back',
  'turned-away': 'close[s] clients at once, as if there were no room',
  'uncaught-error': 'die[s] of an error that nothing catches',
  unreadable: '[have|has] a mistake in the file that keeps it from being started',
  'upstream-wrong-address': 'connect[s] to an address that is not the upstream’s',
  'upstream-wrong-port': 'connect[s] to a port that is not the upstream’s',
  'waits-unasked': 'wait[s] for an answer without having asked',
  'waits-without-limit': 'wait[s] in epoll_wait() without a limit, and miss[es] the time-outs',
  'wrong-address': 'listen[s] on an address where clients do not come by',
  'wrong-exit-code': 'end[s] with another exit code than 0',
  'wrong-port': 'listen[s] on another port than PORT says',
};

/** The call stands in these ids. */
const BLOCKED = 'blocked-in-';

/** '14 of 60 never remove the row of a pair that has ended'; undefined for an id that nobody gave words to. */
export function causeInWords(id: string, count: number, of: number): string | undefined {
  const phrase = id.startsWith(BLOCKED)
    ? `sit[s] in ${id.slice(BLOCKED.length)}() while everybody else waits`
    : phrases[id];
  return phrase === undefined ? undefined : `${count} of ${of} ${inNumber(phrase, count)}`;
}

/** '3 of 60 fail “Title”, for reasons of their own' */
export function unnamedInWords(title: string, count: number, of: number): string {
  return `${count} of ${of} ${inNumber('fail[s]', count)} “${title}” for a reason that was not found`;
}

/** Ids with words of their own. */
export const namedCauses = Object.keys(phrases);

/** 'tr[y|ies]' becomes 'try' or 'tries', 'leave[s]' becomes 'leave' or 'leaves'. */
function inNumber(phrase: string, count: number): string {
  return phrase.replace(/\[(?:([^|\]]*)\|)?([^\]]*)\]/g, (_, several = '', one = '') => (count === 1 ? one : several));
}
