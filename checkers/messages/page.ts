/** The part of the catalogue that travels with the page of a replay: only what that page needs. */
import { chosen } from './chosen.ts';
import { errors } from './en/errors.ts';
import { labels } from './en/labels.ts';
import { replay } from './en/replay/index.ts';
import { type Catalogue, filled } from './language.ts';

const english: Pick<Catalogue, 'errors' | 'labels' | 'replay'> = { errors, labels, replay };

export const text = filled(english, chosen);
