/** Anchors of headings, as GitHub makes them. */
import { slug } from 'github-slugger';

/**
 * GitHub's anchor of a heading.
 *
 * @param heading its text, without markup
 * @returns the anchor without '#'; a second heading of the same text gets '-1' from the caller
 */
export function slugOf(heading: string): string {
  return slug(heading);
}
