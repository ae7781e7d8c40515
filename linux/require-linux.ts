/**
 * Imported for what it does, and before koffi: elsewhere than on Linux the learner reads how to go on, not that koffi has
 * no binary for this system (node_modules may well have been filled inside a container).
 */
import { requireLinux } from './platform.ts';

requireLinux();
