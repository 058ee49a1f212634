import { getItem } from "../values/attributes.ts"
import { textOf } from "../values/text.ts"
import { Markup, OneShot, Undefined } from "../values/types.ts"
import type { BuiltinContext } from "./filter.ts"

export type Getter = (item: unknown) => unknown

/** Strings in lower case, anything else as it is. */
export const lowered = (value: unknown): unknown => {
  if (value instanceof Markup) return new Markup(value.text.toLowerCase())
  return typeof value === "string" ? value.toLowerCase() : value
}

function attributeParts(attribute: unknown): unknown[] {
  if (attribute === undefined || attribute === null) return []
  const path = textOf(attribute)
  if (path === undefined) return [attribute]
  return path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** Looks up a dotted path, with a default for what is undefined on the way. */
export function getter(
  context: BuiltinContext,
  attribute: unknown,
  ignoreCase = false,
  fallback?: unknown,
): Getter {
  const parts = attributeParts(attribute)
  return (item) => {
    let value = item
    for (const part of parts) {
      value = getItem(value, part, context.lenient)
      if (fallback !== undefined && fallback !== null && value instanceof Undefined) value = fallback
    }
    return ignoreCase ? lowered(value) : value
  }
}

/** A filter whose result is computed while it is iterated. */
export function lazy(items: () => Generator): OneShot {
  return new OneShot({ [Symbol.iterator]: () => items() })
}
