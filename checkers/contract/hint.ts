/** What a hint is. */

/**
 * Three steps towards one's own solution: a question to look at the problem with, the idea, the shape of the code. Never
 * the code itself. Lines that begin with two blanks are code.
 */
export type Hint = [question: string, idea: string, shape: string];
