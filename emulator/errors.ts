// The one error class for what users can mend: wrong arguments, unreadable files, kernels that cannot boot here.

/** Its message, on one line, says what is wrong, where, and what to do. */
export class UserError extends Error {}

/** Runs a part that reports to users by plain errors; puts the file's name in front. */
export function inUserWords<T>(part: () => T, path?: string): T {
  try {
    return part();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(path && !message.includes(path) ? `${path}: ${message}` : message);
  }
}
