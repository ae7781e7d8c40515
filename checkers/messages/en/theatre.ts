/** The theatre. */
export const theatre = {
  thereIsNothingHere: 'There is nothing here.',
  openHttpLocalhostIn: (proxy: number, upstream: number) =>
    `Open http://localhost:${proxy}/ in another window. The upstream is on port ${upstream}.`,
};
