import { CartwrightError, messageOf } from "../core/errors.ts"

const DISK =
  /no space left|disk quota|could not write|failed to offload|max_temp_directory_size|File too large/i
const MEMORY = /out of memory|failed to allocate|failed to pin/i

/** Whether the engine ran out of disk or memory, or could not reach its files; then the data is not to blame. */
export function isResourceError(error: unknown): boolean {
  const message = messageOf(error)
  return DISK.test(message) || MEMORY.test(message) || /^IO Error|^FATAL/i.test(message)
}

/** Whether the engine did not understand a statement: then the program is to blame. */
export function isOurError(error: unknown): boolean {
  return (
    /^(?:Parser|Binder|Catalog|INTERNAL|TransactionContext) Error/.test(messageOf(error)) &&
    !isResourceError(error)
  )
}

/** What a person can do about it. */
export function engineError(cause: unknown): CartwrightError {
  const message = messageOf(cause).split("\n")[0] as string
  const state = "The landing is kept in the lake; bronze is unchanged."
  if (DISK.test(message)) {
    return new CartwrightError("environment", "the disk is full while the warehouse was loading", {
      next: "Free some space and run the command again; it goes on where this one stopped.",
      state,
      cause,
    })
  }
  if (MEMORY.test(message)) {
    return new CartwrightError("environment", `the warehouse has too little memory: ${message}`, {
      next: "Raise the warehouse's memory limit, or free memory, and run the command again.",
      state,
      cause,
    })
  }
  return new CartwrightError("environment", message, { state, cause })
}
