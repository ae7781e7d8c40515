/** Makes the page: one self-contained HTML file with its style, its script and its data. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../root.ts';
import { escapeHtml, escapeJson } from './escape.ts';
import type { LiveData, ReplayData } from './model/page-data.ts';

const folder = join(root, 'checkers', 'report', 'replay', 'page');

/** The page's script and style, ready for inclusion. */
interface Parts {
  script: string;
  style: string;
}

let parts: Promise<Parts> | undefined;

/** Builds the parts from their sources, once per process. */
function builtParts(): Promise<Parts> {
  parts ??= build();
  return parts;
}

async function build(): Promise<Parts> {
  const esbuild = await import('esbuild');
  const options = { bundle: true, minify: true, write: false, absWorkingDir: root, logLevel: 'silent' } as const;
  const [script, style] = await Promise.all([
    esbuild.build({ ...options, entryPoints: [join(folder, 'main.ts')], format: 'iife', target: 'es2022' }),
    esbuild.build({ ...options, entryPoints: [join(folder, 'style.css')] }),
  ]);
  return { script: textOf(script), style: textOf(style) };
}

function textOf({ outputFiles }: { outputFiles: { text: string }[] }): string {
  return outputFiles.map(({ text }) => text.trim()).join('\n');
}

/** The page as HTML. */
export async function renderPage(data: ReplayData | LiveData): Promise<string> {
  const { script, style } = await builtParts();
  // Only our own script and style may run, even if the data contain others.
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    ...(data.kind === 'live' ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const pieces: Record<string, string> = {
    POLICY: policy,
    TITLE: escapeHtml(data.title),
    '<!-- STYLE -->': `<style>${style}</style>`,
    '<!-- DATA -->': `<script type="application/json" id="data">${escapeJson(data)}</script>`,
    '<!-- SCRIPT -->': `<script>${script}</script>`,
  };
  const template = readFileSync(join(folder, 'page.html'), 'utf8');
  return template.replace(/POLICY|TITLE|<!-- [A-Z]+ -->/g, (place) => pieces[place] ?? '');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
