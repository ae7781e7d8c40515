/** What instructors read when submissions cannot be found, or when the class list is wrong. */
export const roster = {
  nothingToGrade: (folder: string) =>
    `There is nothing to grade in ${folder}: a folder, an archive or a file for each student was expected.`,
  noFolder: (folder: string) => `There is no folder ${folder}.`,
  aFile: (folder: string) => `${folder} is a file; a folder with the submissions was expected.`,
  folderUnreadable: (folder: string, complaint: string) => `${folder} cannot be read: ${complaint}.`,
  twice: (path: string, line: number, id: string, before: number) =>
    `${path}, line ${line}: the id '${id}' is already in line ${before}.`,
  badLine: (path: string, line: string, complaint: string) => `${path}, line ${line}: ${complaint}.`,
  unreadable: (path: string, complaint: string) => `The roster ${path} cannot be read: ${complaint}.`,
  nobody: (path: string) =>
    `The roster ${path} lists no students. Expected: a line of headings (id,name,path,submitted), then one line for each student.`,
  twoColumns: (path: string, column: string) =>
    `${path}, line 1: there are two columns '${column}'. Rename one of them.`,
  noId: (path: string, expected: string, found: string, meant: string) =>
    `${path}, line 1: there is no column 'id'. Expected: ${expected}; found: ${found}.${meant}`,
  isThatTheId: (column: string) => ` Is '${column}' meant? Rename it to id.`,
  emptyId: (path: string, line: number) => `${path}, line ${line}: the id is empty.`,
  noName: (path: string, line: number, id: string) =>
    `${path}, line ${line}: the id ${JSON.stringify(id)} cannot be the name of a folder or a file. Put its place into a column 'path'.`,
  leadsOut: (path: string, line: number, place: string) =>
    `${path}, line ${line}: the path '${place}' leads out of the folder of submissions.`,
  timeWithoutZone: (path: string, line: number, written: string) =>
    `${path}, line ${line}: '${written}' does not say its zone. Add it, for example: ${written}Z or ${written}+01:00`,
  noTime: (path: string, line: number, written: string) =>
    `${path}, line ${line}: '${written}' is not a time. Expected, for example: 2026-11-22T18:00Z`,
};
