/** The site: the pages of docs/ as they stand, built by `npm run docs:build`. */
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import { en } from '../../checkers/messages/en/index.ts';
import { root } from '../../checkers/root.ts';
import { frame, languages, localesOf, rewritesOf } from './languages.ts';
import { forTheSite } from './markdown.ts';
import { slugOf } from './slug.ts';

export default defineConfig({
  lang: 'en',
  title: en.site.title,
  description: en.site.description,
  outDir: join(root, '.workshop', 'site'),
  cacheDir: join(root, '.workshop', 'vitepress'),
  rewrites: rewritesOf(languages()),
  locales: localesOf(languages()),
  // With .html at the end every file server finds a page, even the simplest.
  cleanUrls: false,
  head: [
    // No icon to ask for, and nothing from elsewhere on the net.
    ['link', { rel: 'icon', href: 'data:,' }],
    // What the style sheet shows instead where scripts do not run: still pictures, and code without tabs.
    ['script', {}, "document.documentElement.classList.add('scripts')"],
  ],
  // A learner's own proxy and upstream. A test looks after all other links.
  ignoreDeadLinks: 'localhostLinks',
  markdown: {
    // GitHub's anchors, so that a link works in both places, and in the reports of the checks.
    anchor: { slugify: slugOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    codeCopyButtonTitle: en.site.copyCode,
    config: forTheSite,
  },
  vite: {
    // Pictures stay files: one that is written into the page cannot follow the page into the dark.
    build: { assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
    server: { fs: { allow: [root] } },
  },
  // The pages come from this machine: fetching each one that is linked would only cost its reader's processor.
  router: { prefetchLinks: false },
  themeConfig: {
    ...frame(),
    externalLinkIcon: true,
  },
});
