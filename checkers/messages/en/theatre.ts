/** The theatre. */
export const theatre = {
  thereIsNothingHere: 'There is nothing here.',
  openHttpLocalhostIn: (proxy: number, upstreams: string) =>
    `Open http://localhost:${proxy}/ in another window. ${upstreams.includes(',') ? 'The upstreams are on ports' : 'The upstream is on port'} ${upstreams}.`,
  firstProcessAlone: (workers: number) =>
    `Of the ${workers} processes that share the port you see the first one: clients of the others do not appear.`,
};
