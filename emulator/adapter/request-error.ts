// The error that a request is answered with. Its message is shown to the user.

/** Thrown by handlers; anything else that they throw is answered in the same way. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** VS Code shows the message in a dialog. */
    readonly showUser = false,
  ) {
    super(message);
  }
}
