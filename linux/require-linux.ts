/**
 * Imported for its side effect, before koffi: on other systems the learner reads how to go on, not that koffi has
 * no binary for this system (node_modules may have been installed inside a container).
 */
import { requireLinux } from './platform.ts';

requireLinux();
