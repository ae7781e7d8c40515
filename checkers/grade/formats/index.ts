/** Everything that the grades of a class are written as: reports for people, files for other systems. */

export { fileNameOf } from '../contract/file-name.ts';
export { anonymised } from './anonymised.ts';
export { type Progress, progressLine } from './progress.ts';
export { classTable } from './table.ts';
export { type ReportOptions, writeReports } from './write.ts';
