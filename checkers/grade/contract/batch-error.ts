/** Something that a person has to know before grading can go on; the message is one or two whole sentences. */
export class BatchError extends Error {}
