import { CartwrightError, messageOf } from "../core/errors.ts"

/** What the environment can lack, how it is told, and what to do. */
const LACKS = [
  {
    codes: ["ENOSPC", "EDQUOT", "EFBIG"],
    words: /no space left on device|disk quota exceeded|file too large/i,
    offence: "the disk is full",
    next: "Free some space and run the command again; it goes on where this one stopped.",
  },
  {
    codes: ["EACCES", "EPERM", "EROFS"],
    words: /permission denied|read-only file system|operation not permitted/i,
    offence: "this user lacks a permission",
    next: "Give this user the permission to write in the shop's folder.",
  },
  {
    codes: [],
    words: /^out of memory/i,
    offence: "the memory did not suffice",
    next: "Set warehouse.memory_limit lower, so that DuckDB uses the disk earlier, or use a larger machine.",
  },
]

/**
 * What was thrown, as an error that a person can act on where it is one: a full disk, a missing permission.
 * @param published what readers see now, as a sentence
 */
export function toFailure(thrown: unknown, published: string): unknown {
  if (thrown instanceof CartwrightError) return withPublished(thrown, published)
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : ""
  return environmentError(messageOf(thrown), published, code, thrown) ?? thrown
}

/** An error that says what the environment lacks; undefined where the message says no such thing. */
export function environmentError(
  message: string,
  state: string,
  code = "",
  cause?: unknown,
): CartwrightError | undefined {
  const lack = LACKS.find(({ codes, words }) => codes.includes(code) || words.test(message))
  if (lack === undefined) return undefined
  const place = cause instanceof Error && "path" in cause ? String(cause.path) : undefined
  return new CartwrightError("environment", `${lack.offence}: ${message.split("\n")[0]}`, {
    place,
    next: lack.next,
    state,
    cause,
  })
}

/** An error whose state says what readers see, too. */
export function withPublished(error: CartwrightError, published: string): CartwrightError {
  const { code, message, place, choices, next, state } = error
  if (state?.includes("published") || code === "usage" || code === "config") return error
  return new CartwrightError(code, message, {
    place,
    choices,
    next,
    state: state === undefined ? published : `${state} ${published}`,
    cause: error,
  })
}
