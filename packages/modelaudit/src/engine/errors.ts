/**
 * The errors a parser may throw. The engine turns each into an outcome; only the command line knows exit codes.
 */

/** The bytes are not what the format demands. `offset` is absolute in the artifact. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly offset: number;
  readonly expected: string;
  readonly found: string;
  constructor(offset: number, expected: string, found: string) {
    super(`expected ${expected} at byte ${offset}, found ${found}`);
    this.offset = offset;
    this.expected = expected;
    this.found = found;
  }
}

/** The bytes are understood but not handled: an encrypted member, a codec or a version that is not known. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
  readonly what: string;
  constructor(what: string) {
    super(`${what} is not supported`);
    this.what = what;
  }
}

/** A budget ran out: `limit` names it (see budget.ts), `value` is what was asked for. */
export class LimitExceeded extends Error {
  override readonly name = "LimitExceeded";
  readonly limit: string;
  readonly value: number;
  constructor(limit: string, value: number) {
    super(`limit "${limit}" reached (${value})`);
    this.limit = limit;
    this.value = value;
  }
}

/** A file, server or other source could not be read. */
export class SourceError extends Error {
  override readonly name = "SourceError";
  readonly retryable: boolean;
  constructor(message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, { cause: options.cause });
    this.retryable = options.retryable ?? false;
  }
}

/** The user asked for something that cannot be: says what was expected, what was found and what to try. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
