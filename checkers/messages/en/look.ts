/** What a report of a passed milestone ends with, where the program's own trace proves it. */
export const look = {
  line: (what: string) => `Passed; worth a look: ${what}.`,
  rowsStay: (rows: number, open: number) =>
    `closePair leaves rows of ended pairs in routeTable (${rows} ${rows === 1 ? 'row' : 'rows'} at the end, ${open} open ${open === 1 ? 'pair' : 'pairs'})`,
  acceptUnchecked: (errno: undefined | string, call: string, place: string) =>
    `accept() failed with ${errno}, and its -1 went to ${call}()${place}`,
  sendUnchecked: (errno: undefined | string, fd: number, place: string) =>
    `send(${fd}) failed with ${errno}${place}, and the program waited for the next event without closing the pair`,
  limitUnused: 'no line uses MAX_SOCKS, so it does not limit the number of clients',
};
