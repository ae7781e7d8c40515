/** Milestone 2.2, its checks in the order of the lesson. */
import type { Check } from '../../harness/check.ts';
import { answerInPieces } from './answer-in-pieces.ts';
import { everyByte } from './every-byte.ts';
import { fromFile } from './from-file.ts';
import { lastLine } from './last-line.ts';
import { line } from './line.ts';
import { serverLeaves } from './server-leaves.ts';
import { severalLines } from './several-lines.ts';

export const talkChecks: Check[] = [line, severalLines, answerInPieces, lastLine, fromFile, everyByte, serverLeaves];
