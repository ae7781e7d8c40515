/** The frame of our HTML pages: self-contained files that run only our own scripts. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../../report/replay/escape.ts';
import { root } from '../../root.ts';
import { plainText } from './plain.ts';

const folder = join(root, 'checkers', 'grade', 'formats', 'page');
const baseStyle = join(root, 'checkers', 'report', 'base.css');

/** A page around its body. */
export function page(title: string, body: string, script = ''): string {
  const style = [baseStyle, join(folder, 'style.css')].map((path) => readFileSync(path, 'utf8').trim()).join('\n\n');
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === '' ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${html('en')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === '' ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** The text of a script from the folder of the style sheet. */
export function pageScript(name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim();
}

/** Escapes text for HTML. */
export function html(text: string): string {
  return escapeHtml(plainText(text));
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
