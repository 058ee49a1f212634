import { PythonError } from "../errors.ts"
import { iterate, truthy } from "../values/iteration.ts"
import { str } from "../values/text.ts"
import type { Kwargs } from "../values/types.ts"
import type { Builtin, BuiltinContext } from "./filter.ts"
import { type Getter, getter, lazy } from "./getter.ts"

function* mapped(context: BuiltinContext, value: unknown, args: unknown[], kwargs: Kwargs) {
  if (!truthy(value)) return
  let get: Getter
  if (args.length === 0 && Object.hasOwn(kwargs, "attribute")) {
    const { attribute, default: fallback, ...rest } = kwargs
    const unknown = Object.keys(rest)[0]
    if (unknown !== undefined) throw new PythonError("TypeError", `Unexpected keyword argument '${unknown}'`)
    get = getter(context, attribute, false, fallback)
  } else {
    if (args.length === 0) throw new PythonError("TypeError", "map requires a filter argument")
    const [name, ...rest] = args
    get = (item) => applied(context, str(name), item, rest, kwargs)
  }
  for (const item of iterate(value)) yield get(item)
}

/** `select`, `reject` and their `attr` forms. */
function selecting(keep: boolean, byAttribute: boolean): Builtin {
  return (context, value, args, kwargs) =>
    lazy(function* () {
      if (!truthy(value)) return
      if (byAttribute && args.length === 0)
        throw new PythonError("TypeError", "Missing parameter for attribute name")
      const get = byAttribute ? getter(context, args[0]) : (item: unknown) => item
      const [name, ...rest] = byAttribute ? args.slice(1) : args
      for (const item of iterate(value)) {
        const subject = get(item)
        const result = name === undefined ? subject : tested(context, str(name), subject, rest, kwargs)
        if (truthy(result) === keep) yield item
      }
    })
}

function applied(context: BuiltinContext, name: string, value: unknown, args: unknown[], kwargs: Kwargs) {
  if (!context.hasFilter(name)) throw new PythonError("RuntimeError", `No filter named '${name}'.`)
  return settled(context.applyFilter(name, value, args, kwargs))
}

function tested(context: BuiltinContext, name: string, value: unknown, args: unknown[], kwargs: Kwargs) {
  if (!context.hasTest(name)) throw new PythonError("RuntimeError", `No test named '${name}'.`)
  return settled(context.applyTest(name, value, args, kwargs))
}

function settled(value: unknown): unknown {
  if (value instanceof Promise) {
    throw new PythonError(
      "RuntimeError",
      "a filter or test that waits cannot be used inside map, select and reject",
    )
  }
  return value
}

/** Filters that apply other filters or tests to each item. */
export const MAPPING_FILTERS: readonly [string, Builtin][] = [
  ["map", (context, value, args, kwargs) => lazy(() => mapped(context, value, args, kwargs))],
  ["select", selecting(true, false)],
  ["reject", selecting(false, false)],
  ["selectattr", selecting(true, true)],
  ["rejectattr", selecting(false, true)],
]
