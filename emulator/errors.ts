// The one error class for what users can mend: wrong arguments, unreadable files, kernels that cannot boot here.

/** Its message, on one line, says what is wrong, where, and what to do. */
export class UserError extends Error {}
