import { PythonError } from "../errors.ts"
import { dictOf } from "../values/dict.ts"
import { iterate, list } from "../values/iteration.ts"
import { textOf } from "../values/text.ts"
import { typeName } from "../values/type-names.ts"
import { HostObject, Undefined, type Kwargs } from "../values/types.ts"
import { undefinedFailure } from "../values/undefined.ts"

/** No keyword arguments: one object for all calls without them. */
export const NO_KWARGS: Kwargs = Object.freeze(Object.create(null) as Kwargs)

/** `f(…, *more)` */
export function spread(args: unknown[], more: unknown): unknown[] {
  try {
    return [...args, ...list(more)]
  } catch (error) {
    if (!(error instanceof PythonError) || error.kind !== "TypeError") throw error
    throw new PythonError("TypeError", `argument after * must be an iterable, not ${typeName(more)}`)
  }
}

/** `f(…, **more)` */
export function merge(kwargs: Kwargs, more: unknown): Kwargs {
  const merged = Object.assign(Object.create(null) as Record<string, unknown>, kwargs)
  for (const [key, value] of entriesOf(more)) {
    const name = textOf(key)
    if (name === undefined) throw new PythonError("TypeError", "keywords must be strings")
    if (name in merged) {
      throw new PythonError("TypeError", `got multiple values for keyword argument '${name}'`)
    }
    merged[name] = value === undefined ? null : value
  }
  return merged
}

function entriesOf(value: unknown): Iterable<[unknown, unknown]> {
  const dict = dictOf(value)
  if (dict !== undefined) return dict.entries()
  if (value instanceof HostObject && value.isMapping) {
    return Array.from(iterate(value), (key): [unknown, unknown] => [key, value.item?.(key) ?? null])
  }
  if (value instanceof Undefined) throw undefinedFailure(value)
  throw new PythonError("TypeError", `argument after ** must be a mapping, not ${typeName(value)}`)
}
