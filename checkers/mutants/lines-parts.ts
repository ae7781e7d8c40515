/** Pieces of the solutions of stages 1 to 3 that several mutants replace, by name. */

/** Stages 1 and 3, answerLines: one line. */
export const ANSWER = `    reverseLine(line);
    if (!sendAll(connSockFd, line)) return false;
`;
/** The trimmed line instead of the line. */
export const TRIMMED = "Buffer.from(`${line.toString('latin1').trim()}\\n`, 'latin1')";
/** Stages 1 and 3, reverseLine: its one statement. */
export const REVERSE = '  line.subarray(0, line.length - 1).reverse();\n';
/** Stages 1 and 3, answerLines: to the next line. */
export const NEXT_LINE = `    lineEnd = received.indexOf('\\n', lineStart);
`;
/** Stages 1 and 3, answerLines: what is left is kept. */
export const KEEP_REST = `  received.copyWithin(0, lineStart);
  bufferedN -= lineStart;
`;
/** Stage 1, handleClient: the end of a client. */
export const CLIENT_LEFT = '    if (readN <= 0) break;\n';
/** Stage 3, handleClient: the same. */
export const CLIENT_GONE = `  if (readN <= 0) {
    closeClient(connSockFd);
    return;
  }
`;
/** Stage 3, closeClient: all of it. */
export const FORGET_AND_CLOSE = '  unfinishedLines.delete(connSockFd);\n  close(connSockFd);\n';
/** Stage 2, readLine: the bytes of the input. */
export const READ = '    const readN = read(STANDARD_INPUT, input.subarray(inputN), input.length - inputN);\n';
/** Stage 2, receiveAnswer: how long it goes on. */
export const UNTIL_NEWLINE = "  while (!answer.subarray(0, answerN).includes('\\n')) {\n";
/** Stage 2, main: what happens when the server has gone. */
export const GIVE_UP = "giveUp('The server ended the connection.');\n";
