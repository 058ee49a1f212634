import { PythonError } from "../errors.ts"
import { repr } from "./text.ts"
import { objectName } from "./type-names.ts"
import type { Undefined } from "./types.ts"

/** What Jinja raises when something is done with an undefined value that cannot be done. */
export function undefinedFailure(value: Undefined): PythonError {
  return new PythonError(value.unsafe ? "SecurityError" : "UndefinedError", undefinedMessage(value))
}

function undefinedMessage(value: Undefined): string {
  if (value.hint !== undefined) return value.hint
  if (!value.hasObject) return `${repr(value.name)} is undefined`
  const object = objectName(value.object)
  if (typeof value.name === "string") return `${repr(object)} has no attribute ${repr(value.name)}`
  return `${object} has no element ${repr(value.name)}`
}
