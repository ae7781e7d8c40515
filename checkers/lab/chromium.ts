/** The browser that tries our pages and takes screenshots. */
import { findOnPath } from './python.ts';

/** Nothing of the machine's own: no sandbox (there may be none in a container), no calls home. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where Chromium is; undefined where it is not installed. */
export function chromiumPath(): string | undefined {
  return findOnPath('chromium') ?? findOnPath('chromium-browser') ?? findOnPath('google-chrome');
}
