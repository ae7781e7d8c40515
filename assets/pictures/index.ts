/** Every picture that is drawn from a description. */
import { backgroundPictures } from './background.ts';
import type { Picture } from './draw.ts';
import { crowdPictures } from './stage-7.ts';
import { upstreamsPictures } from './stage-8.ts';
import { fastPictures } from './stage-9.ts';
import { stagePictures } from './stages.ts';

export const pictures: Picture[] = [
  ...stagePictures,
  ...crowdPictures,
  ...upstreamsPictures,
  ...fastPictures,
  ...backgroundPictures,
];
