/** The picture of the Python server in a browser: a real one. */
import { spawn } from 'node:child_process';
import { createConnection } from 'node:net';
import { chromium } from 'playwright-core';
import { CHROMIUM_FLAGS } from '../../checkers/harness/chromium.ts';
import { fileServerCommand, servedFolder } from '../../checkers/harness/python.ts';
import { FIXED_PORTS } from '../../checkers/run/namespace.ts';

const SIZE = { width: 900, height: 600 };
const BAR = 44;
const PATIENCE_MS = 10_000;

/**
 * Starts the upstream, opens it in a browser and takes a picture of that, below a bar with the address.
 *
 * @param executablePath the browser
 * @param path where the PNG goes
 */
export async function takeScreenshot(executablePath: string, path: string): Promise<void> {
  const port = FIXED_PORTS.upstream;
  const [command = '', ...args] = fileServerCommand(port, servedFolder).argv;
  const server = spawn(command, args, { stdio: 'ignore' });
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  try {
    await reachable(port);
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1.5 });
    await page.goto(`http://localhost:${port}/`);
    // A headless browser has no address bar, and the picture has to show the address.
    await page.evaluate(`(() => {
      const bar = document.createElement('div');
      bar.textContent = 'localhost:${port}';
      bar.style.cssText = 'position:fixed;inset:0 0 auto 0;height:${BAR}px;box-sizing:border-box;padding:10px 20px;' +
        'background:#e8e6e1;color:#1f2733;font:16px system-ui,sans-serif;border-bottom:1px solid #b5b0a5;z-index:9999';
      document.body.style.paddingTop = '${2 * BAR}px';
      document.body.append(bar);
    })()`);
    await page.screenshot({ path });
  } finally {
    await browser.close();
    server.kill();
  }
}

async function reachable(port: number): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const connected = await new Promise<boolean>((resolve) => {
      const socket = createConnection(port, '127.0.0.1')
        .once('connect', () => resolve(true))
        .once('error', () => resolve(false));
      socket.once('close', () => socket.destroy()).once('connect', () => socket.end());
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port} after ${PATIENCE_MS} ms`);
}
