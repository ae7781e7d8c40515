// @ts-check
/**
 * Starts one word of `npm run`, see start.mjs. Node loads no ES module from a folder with a backslash in its path, and says so
 * with a stack trace (ERR_INVALID_MODULE_SPECIFIER); it loads this file, which tells it in one sentence.
 */
if (__dirname.includes('\\')) {
  console.error(
    `Node runs no module in a folder with a backslash in its path: ${__dirname}. Rename or move the folder.`,
  );
  process.exit(2);
}
import('./start.mjs');
