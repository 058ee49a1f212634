import { PythonError } from "../errors.ts"
import { add } from "../values/arithmetic.ts"
import { equal, less, ordered, sorted } from "../values/comparison.ts"
import { Dict, dictOf } from "../values/dict.ts"
import { iterate, length, list, truthy, tryIterate } from "../values/iteration.ts"
import { divmod, index } from "../values/numbers.ts"
import { str, textOf, viewItems } from "../values/text.ts"
import { typeName } from "../values/type-names.ts"
import {
  DictView,
  GroupTuple,
  HostObject,
  Markup,
  OneShot,
  Range,
  Tuple,
  Undefined,
} from "../values/types.ts"
import { undefinedFailure } from "../values/undefined.ts"
import { type Getter, getter, lazy, lowered } from "./getter.ts"
import { type Builtin, type BuiltinContext, define } from "./filter.ts"

/** Keys for `sort`: the values of comma-separated paths, as a list. */
function sortKey(context: BuiltinContext, attribute: unknown, ignoreCase: boolean): Getter {
  const path = textOf(attribute)
  const getters = (path === undefined ? [attribute] : path.split(",")).map((one) =>
    getter(context, one, ignoreCase),
  )
  return (item) => getters.map((get) => get(item))
}

function extreme(
  context: BuiltinContext,
  value: unknown,
  sensitive: unknown,
  attribute: unknown,
  max: boolean,
): unknown {
  const key = getter(context, attribute, !truthy(sensitive))
  let best: { item: unknown; key: unknown } | undefined
  for (const item of iterate(value)) {
    const candidate = { item, key: key(item) }
    if (best === undefined || (max ? ordered(">", candidate.key, best.key) : less(candidate.key, best.key))) {
      best = candidate
    }
  }
  const hint = "No aggregated item, sequence was empty."
  return best === undefined ? new Undefined({ hint, lenient: context.lenient }) : best.item
}

function groupBy(
  context: BuiltinContext,
  value: unknown,
  attribute: unknown,
  fallback: unknown,
  sensitive: unknown,
): unknown {
  const key = getter(context, attribute, !truthy(sensitive), fallback)
  const shown = getter(context, attribute, false, fallback)
  const groups: { key: unknown; items: unknown[] }[] = []
  for (const item of sorted(iterate(value), key)) {
    const itemKey = key(item)
    const last = groups.at(-1)
    if (last !== undefined && equal(last.key, itemKey)) last.items.push(item)
    else groups.push({ key: itemKey, items: [item] })
  }
  return groups.map(({ items }) => GroupTuple.of(shown(items[0]), items))
}

function reversed(value: unknown): unknown {
  const text = textOf(value)
  if (text !== undefined) {
    const turned = Array.from(text).reverse().join("")
    return value instanceof Markup ? new Markup(turned) : turned
  }
  const items = backwards(value)
  if (items !== undefined) return new OneShot(items, "reversed")
  const all = tryIterate(value)
  if (all === undefined) throw new PythonError("TypeError", "argument must be iterable")
  return [...all].reverse()
}

/** The items from last to first of what Python's `reversed` takes. */
function backwards(value: unknown): unknown[] | undefined {
  if (Array.isArray(value) || value instanceof Range) return [...(value as Iterable<unknown>)].reverse()
  if (value instanceof Undefined) return []
  if (value instanceof DictView) return viewItems(value).reverse()
  const text = textOf(value)
  if (text !== undefined) return Array.from(text).reverse()
  const dict = dictOf(value)
  if (dict !== undefined) return [...dict.keys()].reverse()
  return value instanceof HostObject && value.length !== undefined ? list(value).reverse() : undefined
}

function last(context: BuiltinContext, value: unknown): unknown {
  const items = backwards(value)
  if (items === undefined) throw new PythonError("TypeError", `'${typeName(value)}' object is not reversible`)
  const hint = "No last item, sequence was empty."
  return items.length === 0 ? new Undefined({ hint, lenient: context.lenient }) : items[0]
}

function* slices(value: unknown, count: number, fill: unknown): Generator {
  const items = list(value)
  const size = Number(divmod(items.length, count, "//")[0])
  const extra = Number(divmod(items.length, count, "%")[1])
  let offset = 0
  for (let i = 0; i < count; i++) {
    const start = offset + i * size
    if (i < extra) offset++
    const slice = items.slice(start, offset + (i + 1) * size)
    if (fill !== undefined && fill !== null && i >= extra) slice.push(fill)
    yield slice
  }
}

function* batches(value: unknown, size: number, fill: unknown): Generator {
  let batch: unknown[] = []
  for (const item of iterate(value)) {
    if (batch.length === size) {
      yield batch
      batch = []
    }
    batch.push(item)
  }
  if (batch.length === 0) return
  if (fill !== undefined && fill !== null) while (batch.length < size) batch.push(fill)
  yield batch
}

function sum(context: BuiltinContext, value: unknown, attribute: unknown, start: unknown): unknown {
  let total: unknown = start ?? 0
  if (textOf(total) !== undefined) {
    throw new PythonError("TypeError", "sum() can't sum strings [use ''.join(seq) instead]")
  }
  const get =
    attribute === undefined || attribute === null ? (item: unknown) => item : getter(context, attribute)
  for (const item of iterate(value)) total = add(total, get(item))
  return total
}

export const SEQUENCE_FILTERS: readonly [string, Builtin][] = [
  define("length", "", (_, value) => length(value)),
  define("count", "", (_, value) => length(value)),
  define("list", "", (_, value) => list(value)),
  define("first", "", (context, value) => {
    for (const item of iterate(value)) return item
    return new Undefined({ hint: "No first item, sequence was empty.", lenient: context.lenient })
  }),
  define("last", "", last),
  define("join", "d? attribute?", (context, value, separator, attribute) => {
    const get =
      attribute === undefined || attribute === null ? (item: unknown) => item : getter(context, attribute)
    return Array.from(iterate(value), (item) => str(get(item))).join(
      separator === undefined ? "" : str(separator),
    )
  }),
  define("reverse", "", (_, value) => reversed(value)),
  define("sort", "reverse? case_sensitive? attribute?", (context, value, reverse, sensitive, attribute) =>
    sorted(iterate(value), sortKey(context, attribute, !truthy(sensitive)), truthy(reverse)),
  ),
  define("dictsort", "case_sensitive? by? reverse?", (_, value, sensitive, by, reverse) => {
    const position = by === undefined ? 0 : ["key", "value"].indexOf(str(by))
    if (position < 0) throw new PythonError("ValueError", 'You can only sort by either "key" or "value"')
    if (value instanceof Undefined) {
      if (value.lenient) return []
      throw undefinedFailure(value)
    }
    const dict = dictOf(value)
    if (dict === undefined) {
      throw new PythonError("AttributeError", `'${typeName(value)}' object has no attribute 'items'`)
    }
    const entries = Array.from(dict.entries(), (entry) => Tuple.from(entry))
    const key = (entry: unknown): unknown => {
      const part = (entry as unknown[])[position]
      return truthy(sensitive) ? part : lowered(part)
    }
    return sorted(entries, key, truthy(reverse))
  }),
  define("unique", "case_sensitive? attribute?", (context, value, sensitive, attribute) =>
    lazy(function* () {
      const get = getter(context, attribute, !truthy(sensitive))
      const seen = new Dict()
      for (const item of iterate(value)) {
        const key = get(item)
        if (seen.has(key)) continue
        seen.set(key, true)
        yield item
      }
    }),
  ),
  define("min", "case_sensitive? attribute?", (context, value, sensitive, attribute) =>
    extreme(context, value, sensitive, attribute, false),
  ),
  define("max", "case_sensitive? attribute?", (context, value, sensitive, attribute) =>
    extreme(context, value, sensitive, attribute, true),
  ),
  define("sum", "attribute? start?", sum),
  define("groupby", "attribute default? case_sensitive?", groupBy),
  define("slice", "slices fill_with?", (_, value, count, fill) =>
    lazy(() => slices(value, index(count), fill)),
  ),
  define("batch", "linecount fill_with?", (_, value, size, fill) =>
    lazy(() => batches(value, index(size), fill)),
  ),
  define("items", "", (_, value) =>
    lazy(function* () {
      if (value instanceof Undefined) return
      const dict = dictOf(value)
      if (dict === undefined) throw new PythonError("TypeError", "Can only get item pairs from a mapping.")
      yield* iterate(new DictView(dict, "items"))
    }),
  ),
  define("default", "default_value? boolean?", byDefault),
  define("d", "default_value? boolean?", byDefault),
  // In text templates dbt's type filters do nothing; native rendering has its own.
  define("is_list", "", (_, value) => Array.isArray(value) && !(value instanceof Tuple)),
]

function byDefault(_: BuiltinContext, value: unknown, fallback: unknown, boolean: unknown): unknown {
  const replace = value instanceof Undefined || (truthy(boolean) && !truthy(value))
  return replace ? (fallback === undefined ? "" : fallback) : value
}
