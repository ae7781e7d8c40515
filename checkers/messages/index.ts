/** What the workshop says to people, in their language: `text.ROOM.id`, or `text.ROOM.id(…)` where something is put in. */
import { chosen } from './chosen.ts';
import { en } from './en/index.ts';
import { type Catalogue, filled } from './language.ts';

export type { Catalogue } from './language.ts';

export const text: Catalogue = filled(en, chosen);
