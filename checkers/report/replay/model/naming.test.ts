import { expect, it } from 'vitest';
import { renamed } from './naming.ts';

it.each([
  ['proxy', 'The proxy waits for upstream 2.', 'The proxy waits for upstream 2.'],
  ['server', 'The kernel lists the proxy as listening.', 'The kernel lists the server as listening.'],
  ['client', "upstream 1 has connected to the proxy's port.", "server 1 has connected to the client's port."],
  ['client', 'The upstream has accepted a connection.', 'The server has accepted a connection.'],
] as const)('for a %s, "%s" reads "%s"', (role, text, read) => {
  expect(renamed(text, role)).toBe(read);
});
