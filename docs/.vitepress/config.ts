/** The site: the pages of docs/ as they stand, built by `npm run docs:build`. */
import { join } from 'node:path';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { root } from '../../checkers/root.ts';
import { forTheSite } from './markdown.ts';
import { sidebar } from './sidebar.ts';

export default defineConfig({
  lang: 'en',
  title: 'TCP Proxy Workshop',
  description: 'Build a TCP proxy on the real system calls of Linux, and see why what fails fails.',
  outDir: join(root, '.workshop', 'site'),
  cacheDir: join(root, '.workshop', 'vitepress'),
  // On GitHub the page of a folder is its README.md.
  rewrites: { 'README.md': 'index.md' },
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
    anchor: { slugify: slug },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    codeCopyButtonTitle: 'Copy code',
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
    sidebar: sidebar(),
    outline: { level: [2, 3], label: 'On this page' },
    docFooter: { prev: 'Previous', next: 'Next' },
    sidebarMenuLabel: 'Menu',
    returnToTopLabel: 'Return to top',
    skipToContentLabel: 'Skip to content',
    darkModeSwitchLabel: 'Appearance',
    lightModeSwitchTitle: 'Switch to light colours',
    darkModeSwitchTitle: 'Switch to dark colours',
    notFound: {
      title: 'No such page',
      quote: 'The address has a mistake in it, or the page was renamed.',
      linkText: 'To the first page',
      linkLabel: 'To the first page',
    },
    // The search reads an index that is part of the site: no net is needed.
    search: {
      provider: 'local',
      options: {
        translations: {
          button: { buttonText: 'Search', buttonAriaLabel: 'Search' },
          modal: {
            displayDetails: 'Show more of each place',
            resetButtonTitle: 'Clear the field',
            backButtonTitle: 'Back',
            noResultsText: 'Nothing found for',
            footer: {
              selectText: 'to go there',
              selectKeyAriaLabel: 'Enter',
              navigateText: 'to move',
              navigateUpKeyAriaLabel: 'Arrow up',
              navigateDownKeyAriaLabel: 'Arrow down',
              closeText: 'to close',
              closeKeyAriaLabel: 'Escape',
            },
          },
        },
      },
    },
    externalLinkIcon: true,
  },
});
