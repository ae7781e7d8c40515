/**
 * Node's Buffer, for the files that run without Node, too. A browser has none: a bundle for it puts another file in the place
 * of this one, which exports the Buffer of the package `buffer`.
 */
export const { Buffer } = globalThis;
