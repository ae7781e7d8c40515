/** What students and instructors read about what was handed in: why it cannot be graded, and what was left out. */

/** A file or folder has a name that cannot be used; the same words for archives, folders and single files. */
const notAFile = {
  hardLink: 'is a hard link, not a file',
  link: 'is a symbolic link, not a file',
  pipe: 'is a pipe, not a file',
  socket: 'is a socket, not a file',
  device: 'is a device, not a file',
};

export const intake = {
  ...notAFile,
  /** How a sentence about a name ends, where the name is the first thing in it. */
  sentence: (name: string, what: string) => `${name} ${what}.`,
  leftOut: (name: string, what: string) => `${name} ${what}; left out.`,
  bytes: (count: number) => `${count} ${count === 1 ? 'byte' : 'bytes'}`,
  andMore: (names: string, rest: number) => `${names} and ${rest} more`,
  bundleTooLarge: (size: string, most: string) => `The bundle has ${size}; at most ${most} are read.`,
  gitIsMissing: 'git is not installed here, and a git bundle was handed in.',
  noBundle: (complaint: string) =>
    `It is not a git bundle that can be read${complaint === '' ? '' : `: ${complaint}`}.`,
  submodules: (names: string) => `A git bundle does not contain submodules; left out: ${names}.`,
  noBranch: 'The bundle has neither HEAD nor a branch main or master.',
  noTar: (complaint: string) => `It is not a tar file that can be read: ${complaint}.`,
  noZip: (complaint: string) => `It is not a zip file that can be read: ${complaint}.`,
  bytesAfterEnd: 'there are bytes after its end. Pack it again',
  endIsMissing: 'its end is missing, as when it was not uploaded whole, or it was never one. Pack it again',
  tooManyFiles: (most: number) => `It has more than ${most} files and folders.`,
  tooManyBytes: (most: string) => `Its files have more than ${most} together.`,
  unpacksToMore: (most: string) => `It unpacks to more than ${most}.`,
  growsTooMuch: (most: number) => `It unpacks to more than ${most} times its size, as no honest archive does.`,
  lastCounts: (name: string) => `${name} is in there more than once; the last one counts.`,
  damaged: 'The archive is damaged: a file in it is not the one that was packed. Pack it again.',
  encrypted: 'is encrypted',
  unknownPacking: 'is packed in a way that is not read here',
  tooDeep: 'lies too deep',
  outside: 'would lie outside of the folder that it is unpacked to',
  zeroInName: 'has a name with a byte that is zero',
  namesNothing: 'has a name that names no file',
  nameTooLong: 'has a name that is too long',
  nameNotUtf8: 'has a name that is not in UTF-8',
  notWritten: (path: string, complaint: string) => `${path} could not be written: ${complaint}.`,
  gone: 'is not there any more',
  denied: 'cannot be read: permission denied',
  noFile: 'is not a file',
  empty: 'is empty',
  notText: 'is not text: it has bytes that are zero',
  utf16: 'is text in UTF-16; save it in UTF-8, as editors do by default',
  sourceTooLarge: (name: string, size: string, most: string) =>
    `${name} has ${size}; a program of this course needs at most ${most}.`,
  cannotOpenName: (name: string) => `${name} has a name that is not in UTF-8, so it cannot be opened. Rename it.`,
  nothingHandedIn: (name: string) => `Nothing was handed in: there is no ${name}.`,
  noFileInIt: (wanted: string) => `There is no file in it. Expected: ${wanted}.`,
  otherFiles: (wanted: string, found: string) => `There is no ${wanted}. Found instead: ${found}.`,
  severalArchives: (wanted: string, names: string) =>
    `There is no ${wanted}, and several archives that it could be in: ${names}. Hand in one of them.`,
  tooManyArchives: (most: number) => `There are more than ${most} archives within each other.`,
  besideArchive: (archive: string, others: string) => `${archive} was opened. Not looked at beside it: ${others}.`,
  unreadKind: 'Of archives, zip, tar, tar.gz and git bundles are read.',
  several: (wanted: string, found: string) => `There are several ${wanted}, and only one can be graded: ${found}.`,
  otherName: (name: string, wanted: string) => `The file is named ${name}; it was taken as ${wanted}.`,
  otherCase: (twin: string, name: string) => `${twin} has the same name but for its case; ${name} counts.`,
  notLookedAt: (stage: number, wanted: string, others: string) =>
    `Not looked at, since stage ${stage} is ${wanted} alone: ${others}.`,
  skeleton: (name: string) => `${name} is the skeleton, unchanged.`,
  notUtf8: (name: string) => `${name} is not in UTF-8 all through; what is not was read as �.`,
  /** What a manifest has to look like, behind each sentence about one. */
  manifestExpected: 'Expected: {"build": "make", "run": "./proxy"}; "build" may be missing.',
  manifestNoJson: (manifest: string, complaint: string) => `${manifest} is not JSON (${complaint}).`,
  manifestNoObject: (manifest: string) => `${manifest} is not an object.`,
  manifestNoRun: (manifest: string) => `${manifest} has no command under "run".`,
  manifestNoBuild: (manifest: string) => `"build" in ${manifest} is not a command.`,
};
