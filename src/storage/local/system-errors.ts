import { CartwrightError, messageOf } from "../../core/errors.ts"

/** Whether an operating-system error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR"
}

/** Whether an error came from the operating system. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error
}

/** Turns an operating-system error into what a person can act on: a full disk, a missing permission. */
export function environmentError(doing: string, path: string, cause: unknown): CartwrightError {
  const code = codeOf(cause)
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new CartwrightError("environment", `the disk is full while ${doing} the file`, {
      place: path,
      next: "Free some space and run the command again; it goes on where this one stopped.",
      state: "Nothing half-written counts: what was complete before is unchanged.",
      cause,
    })
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new CartwrightError("environment", `no permission for ${doing} the file`, {
      place: path,
      next: "Give this user the permission, or name another folder.",
      state: "Nothing was changed.",
      cause,
    })
  }
  return new CartwrightError("environment", `${doing} the file: ${messageOf(cause)}`, { place: path, cause })
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined
}
