/** VitePress' own look, with colours that can be read everywhere and the pictures that move. */
import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme-without-fonts';
import { pageOfReportLink } from '../report-link.ts';
import TwoSpeeds from './TwoSpeeds.vue';
import './style.css';

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({ app, siteData }) {
    app.component('TwoSpeeds', TwoSpeeds);
    if (typeof window === 'undefined') return;
    const page = pageOfReportLink(window.location.pathname, siteData.value.base);
    if (page !== undefined) window.location.replace(page + window.location.hash);
  },
};

export default theme;
