/** The browser that tests our pages and takes screenshots. */
import { findOnPath } from './python.ts';

/** Independent of the machine: no sandbox (a container may have none), no background network traffic. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The path of Chromium; undefined if it is not installed. */
export function chromiumPath(): string | undefined {
  return findOnPath('chromium') ?? findOnPath('chromium-browser') ?? findOnPath('google-chrome');
}
