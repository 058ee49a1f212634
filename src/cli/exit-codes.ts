import type { ErrorCode } from "../core/errors.ts"

/** What the program's exit code says, and how each came about. Stable: schedulers and scripts rely on it. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [0, "Done; also when nothing had changed."],
  [1, "A bug in the program. The message asks you to report it."],
  [2, "The command line, the configuration or the given files are wrong."],
  [3, "A data set could not be landed, or the lake could not be read. The others went on."],
  [4, "Loading the warehouse failed."],
  [5, "Transforming failed: a model did not build."],
  [6, "A test failed, or a delivery is held (`cartwright accept`): nothing is published."],
  [7, "Publishing failed."],
  [8, "Another run holds the shop."],
  [9, "The environment: a full disk, a missing permission."],
  [10, "It is not its turn: what it is made from is not built, or is being built anew. Nothing was done."],
  [99, "Nothing had changed, with `--skip-code 99`."],
  [130, "Stopped on request (Ctrl-C)."],
]

const BY_ERROR: Record<ErrorCode, number> = {
  usage: 2,
  config: 2,
  input: 2,
  unsupported: 2,
  extract: 3,
  lake: 3,
  load: 4,
  transform: 5,
  screen: 6,
  publish: 7,
  locked: 8,
  early: 10,
  environment: 9,
  interrupted: 130,
}

export function exitCodeOf(code: ErrorCode): number {
  return BY_ERROR[code]
}

/** Codes that a person may choose for a meaning of their own: ours are below, those of shells and signals above. */
export const FREE_CODES = { from: 11, to: 125 } as const
