/** The workshop's system calls exist only on Linux; this is the message for other systems. */

/**
 * The message for a system that is not Linux: what was found, and four ways to go on.
 *
 * @param platform Node's name for the system, e.g. 'darwin' or 'win32'
 * @returns several lines of text, without a final newline
 */
export function otherSystemMessage(platform: string): string {
  const name = systemName(platform);
  const lines = [
    `This program makes Linux system calls (epoll and friends), and this machine runs ${name}.`,
    'Run it in a Linux instead; any of these will do:',
    '  - a dev container: open this folder in VS Code and choose "Reopen in Container"',
    '  - GitHub Codespaces: the green "Code" button of the repository',
    '  - Docker: docker run -it --rm -v "$PWD":/workshop -w /workshop node:24 bash, then npm ci in there',
  ];
  if (platform === 'win32') lines.push('  - WSL: run "wsl --install", then clone and start the workshop in there');
  lines.push('docs/other-systems.md goes through each of them, step by step.');
  // It takes a shell and lsof.
  if (platform !== 'win32') {
    lines.push('A proxy in another language can be checked right here: npm run milestone 1 -- --command "<program>"');
  }
  return lines.join('\n');
}

/** What people call a system. @param platform Node's name for it */
export function systemName(platform: string): string {
  const names: Record<string, string> = { darwin: 'macOS', win32: 'Windows', freebsd: 'FreeBSD' };
  return names[platform] ?? platform;
}

/** Ends the program with that message unless it runs on Linux. */
export function requireLinux(): void {
  if (process.platform === 'linux') return;
  process.stderr.write(`${otherSystemMessage(process.platform)}\n`);
  process.exit(2);
}
