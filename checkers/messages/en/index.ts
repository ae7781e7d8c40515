/** All that the workshop says, in English: the catalogue that translations are measured by. */
import { causes } from './causes/index.ts';
import { checks } from './checks/index.ts';
import { course } from './course.ts';
import { doctor } from './doctor.ts';
import { errors } from './errors.ts';
import { explain } from './explain.ts';
import { classCauses } from './grade/class-causes.ts';
import { classReport } from './grade/class-report.ts';
import { feedback } from './grade/feedback.ts';
import { intake } from './grade/intake.ts';
import { judging } from './grade/judging.ts';
import { roster } from './grade/roster.ts';
import { help } from './help.ts';
import { hints } from './hints/index.ts';
import { lab } from './lab.ts';
import { labels } from './labels.ts';
import { look } from './look.ts';
import { race } from './race.ts';
import { replay } from './replay/index.ts';
import { report } from './report.ts';
import { site } from './site.ts';
import { soak } from './soak.ts';
import { state } from './state.ts';
import { theatre } from './theatre.ts';
import { watch } from './watch.ts';
import { words } from './words.ts';

export const en = {
  causes,
  checks,
  classCauses,
  classReport,
  course,
  doctor,
  errors,
  explain,
  feedback,
  help,
  hints,
  intake,
  judging,
  lab,
  labels,
  look,
  race,
  replay,
  report,
  roster,
  site,
  soak,
  state,
  theatre,
  watch,
  words,
};
