import type { Kwargs } from "./types.ts"
import { PythonError } from "../errors.ts"

/** Parameters of a built-in function, parsed from text like `"old new count?"`: `?` = optional, a leading `/` = by position only. */
export interface Signature {
  names: readonly string[]
  required: number
  positionalOnly: boolean
}

export function signature(text: string): Signature {
  const words = text.split(" ").filter((word) => word !== "")
  const positionalOnly = words[0] === "/"
  const names = positionalOnly ? words.slice(1) : words
  return {
    names: names.map((name) => name.replace("?", "")),
    required: names.filter((name) => !name.endsWith("?")).length,
    positionalOnly,
  }
}

/** The arguments in the order of the parameters; what was not given is undefined. TypeError as Python's. */
export function bind(
  name: string,
  parameters: Signature,
  args: readonly unknown[],
  kwargs: Kwargs,
): unknown[] {
  const { names, required, positionalOnly } = parameters
  if (args.length > names.length) {
    const what = `${name}() takes at most ${names.length} argument(s) (${args.length} given)`
    throw new PythonError("TypeError", what)
  }
  const bound = [...args]
  for (const [key, value] of Object.entries(kwargs)) {
    const at = names.indexOf(key)
    if (positionalOnly) throw new PythonError("TypeError", `${name}() takes no keyword arguments`)
    if (at < 0) throw new PythonError("TypeError", `${name}() got an unexpected keyword argument '${key}'`)
    if (at < args.length)
      throw new PythonError("TypeError", `${name}() got multiple values for argument '${key}'`)
    bound[at] = value ?? null
  }
  for (let i = 0; i < required; i++) {
    if (bound[i] === undefined) {
      throw new PythonError("TypeError", `${name}() missing 1 required positional argument: '${names[i]}'`)
    }
  }
  return bound
}
