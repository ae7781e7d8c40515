/** One page of the site for each file that the lessons link to. */
import { linkedFiles, shown } from '../.vitepress/source.ts';

export default {
  paths: () => linkedFiles().map((path) => ({ params: { path }, content: shown(path) })),
};
