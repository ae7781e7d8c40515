import { expect, it } from 'vitest';
import { browserCommand } from './browser.ts';

it.each([
  ['linux', { DISPLAY: ':0' }, ['xdg-open', '/a b.html']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', '/a b.html']],
  ['linux', {}, undefined],
  ['linux', { BROWSER: '/usr/bin/firefox:/usr/bin/other' }, ['/usr/bin/firefox', '/a b.html']],
  ['linux', { BROWSER: 'w3m -o x=1 %s' }, ['w3m', '-o', 'x=1', '/a b.html']],
  ['linux', { DISPLAY: ':0', CI: 'true' }, undefined],
  ['linux', { DISPLAY: ':0', SSH_CONNECTION: '1.2.3.4 5 6.7.8.9 22' }, undefined],
  ['darwin', {}, ['open', '/a b.html']],
  ['win32', {}, ['cmd', '/c', 'start', '""', '/a b.html']],
])('on %s with %j: %j', (platform, env, expected) => {
  expect(browserCommand('/a b.html', env, platform)).toEqual(expected);
});
