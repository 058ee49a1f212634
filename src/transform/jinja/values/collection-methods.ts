import { PythonError } from "../errors.ts"
import { same, setOf, sorted } from "./comparison.ts"
import { Dict, type DictLike, dictOf, PySet } from "./dict.ts"
import { iterate, list, truthy } from "./iteration.ts"
import { index } from "./numbers.ts"
import { bind, signature } from "./signature.ts"
import { repr } from "./text.ts"
import { Callable, DictView, HostObject, Tuple, type Kwargs } from "./types.ts"

/** A built-in method: `self` first, then what was passed. */
export type Method<T> = (self: T, args: unknown[], kwargs: Kwargs) => unknown

function method<T>(
  name: string,
  parameters: string,
  body: (self: T, ...args: unknown[]) => unknown,
): [string, Method<T>] {
  const bound = signature(parameters)
  return [name, (self, args, kwargs) => body(self, ...bind(name, bound, args, kwargs)) ?? null]
}

/** Position of an argument of `insert`, `pop` and the like. */
function position(items: readonly unknown[], value: unknown): number {
  const at = index(value)
  return at < 0 ? at + items.length : at
}

function indexOf(
  items: readonly unknown[],
  value: unknown,
  start: unknown,
  end: unknown,
  what: string,
): number {
  const from = start === undefined ? 0 : Math.max(0, position(items, start))
  const to = end === undefined ? items.length : Math.min(items.length, position(items, end))
  for (let i = from; i < to; i++) if (same(items[i], value)) return i
  throw new PythonError("ValueError", what)
}

const counted = (items: readonly unknown[], value: unknown): number =>
  items.filter((item) => same(item, value)).length

export const LIST_METHODS: ReadonlyMap<string, Method<unknown[]>> = new Map<string, Method<unknown[]>>([
  method("append", "/ object", (self: unknown[], item) => void self.push(item)),
  method("extend", "/ iterable", (self: unknown[], items) => {
    for (const item of list(items)) self.push(item)
  }),
  method("insert", "/ index object", (self: unknown[], at, item) => {
    self.splice(Math.max(0, position(self, at)), 0, item)
  }),
  method("pop", "/ index?", (self: unknown[], at) => {
    if (self.length === 0) throw new PythonError("IndexError", "pop from empty list")
    const i = at === undefined ? self.length - 1 : position(self, at)
    if (i < 0 || i >= self.length) throw new PythonError("IndexError", "pop index out of range")
    return self.splice(i, 1)[0]
  }),
  method("remove", "/ value", (self: unknown[], value) => {
    self.splice(indexOf(self, value, undefined, undefined, "list.remove(x): x not in list"), 1)
  }),
  method("index", "/ value start? stop?", (self: unknown[], value, start, end) =>
    indexOf(self, value, start, end, `${repr(value)} is not in list`),
  ),
  method("count", "/ value", counted),
  method("reverse", "/", (self: unknown[]) => void self.reverse()),
  method("clear", "/", (self: unknown[]) => void self.splice(0)),
  method("copy", "/", (self: unknown[]) => [...self]),
  ["sort", sortList],
])

const SORT = signature("key? reverse?")

function sortList(self: unknown[], args: unknown[], kwargs: Kwargs): unknown {
  if (args.length > 0) throw new PythonError("TypeError", "sort() takes no positional arguments")
  const [key, reverse] = bind("sort", SORT, args, kwargs)
  const keyOf = (item: unknown): unknown => {
    if (key === undefined || key === null) return item
    if (!(key instanceof Callable)) throw new PythonError("TypeError", "key must be callable")
    return key.invoke([item], Object.create(null) as Kwargs)
  }
  self.splice(0, self.length, ...sorted(self, keyOf, truthy(reverse)))
  return null
}

export const TUPLE_METHODS: ReadonlyMap<string, Method<unknown[]>> = new Map<string, Method<unknown[]>>([
  method("index", "/ value start? stop?", (self: unknown[], value, start, end) =>
    indexOf(self, value, start, end, "tuple.index(x): x not in tuple"),
  ),
  method("count", "/ value", counted),
])

export const DICT_METHODS: ReadonlyMap<string, Method<DictLike>> = new Map<string, Method<DictLike>>([
  method("items", "/", (self: DictLike) => new DictView(self, "items")),
  method("keys", "/", (self: DictLike) => new DictView(self, "keys")),
  method("values", "/", (self: DictLike) => new DictView(self, "values")),
  method("get", "/ key default?", (self: DictLike, key, fallback) =>
    self.has(key) ? self.get(key) : fallback,
  ),
  method("pop", "/ key default?", (self: DictLike, key, fallback) => {
    if (!self.has(key)) {
      if (fallback === undefined) throw new PythonError("KeyError", repr(key))
      return fallback
    }
    const value = self.get(key)
    self.delete(key)
    return value
  }),
  method("popitem", "/", (self: DictLike) => {
    const last = [...self.entries()].at(-1)
    if (last === undefined) throw new PythonError("KeyError", "'popitem(): dictionary is empty'")
    self.delete(last[0])
    return Tuple.from(last)
  }),
  method("setdefault", "/ key default?", (self: DictLike, key, fallback) => {
    if (!self.has(key)) self.set(key, fallback ?? null)
    return self.get(key)
  }),
  method("clear", "/", (self: DictLike) => self.clear()),
  method("copy", "/", (self: DictLike) => Dict.fromEntries(self.entries())),
  [
    "update",
    (self, args, kwargs) => {
      if (args.length > 1)
        throw new PythonError("TypeError", `update expected at most 1 argument, got ${args.length}`)
      if (args.length === 1) for (const [key, value] of pairs(args[0])) self.set(key, value)
      for (const [key, value] of Object.entries(kwargs)) self.set(key, value)
      return null
    },
  ],
  method("fromkeys", "/ iterable value?", (_self: DictLike, keys, value) =>
    Dict.fromEntries(Array.from(iterate(keys), (key) => [key, value ?? null] as const)),
  ),
])

/** Entries of anything that `dict(…)` takes: a mapping or an iterable of pairs. */
export function pairs(value: unknown): Iterable<[unknown, unknown]> {
  const dict = dictOf(value)
  if (dict !== undefined) return [...dict.entries()]
  if (value instanceof HostObject && value.isMapping) {
    return Array.from(iterate(value), (key): [unknown, unknown] => [key, value.item?.(key) ?? null])
  }
  return Array.from(iterate(value), (entry, i): [unknown, unknown] => {
    const pair = list(entry)
    if (pair.length === 2) return [pair[0], pair[1]]
    const what = `dictionary update sequence element #${i} has length ${pair.length}; 2 is required`
    throw new PythonError("ValueError", what)
  })
}

const setOfAny = (value: unknown): PySet => setOf(value) ?? new PySet(iterate(value))

export const SET_METHODS: ReadonlyMap<string, Method<PySet>> = new Map<string, Method<PySet>>([
  method("add", "/ item", (self: PySet, item) => void self.items.set(item, true)),
  method("discard", "/ item", (self: PySet, item) => void self.items.delete(item)),
  method("remove", "/ item", (self: PySet, item) => {
    if (!self.items.delete(item)) throw new PythonError("KeyError", repr(item))
  }),
  method("pop", "/", (self: PySet) => {
    for (const item of self) {
      self.items.delete(item)
      return item
    }
    throw new PythonError("KeyError", "'pop from an empty set'")
  }),
  method("clear", "/", (self: PySet) => self.items.clear()),
  method("copy", "/", (self: PySet) => new PySet(self)),
  ["union", (self, args) => new PySet([self, ...args].flatMap((set) => [...iterate(set)]))],
  [
    "update",
    (self, args) => {
      for (const set of args) for (const item of list(set)) self.items.set(item, true)
      return null
    },
  ],
  [
    "intersection",
    (self, args) => new PySet([...self].filter((item) => args.every((set) => setOfAny(set).has(item)))),
  ],
  [
    "difference",
    (self, args) => new PySet([...self].filter((item) => !args.some((set) => setOfAny(set).has(item)))),
  ],
  method("symmetric_difference", "/ other", (self: PySet, other) => {
    const right = setOfAny(other)
    return new PySet([...[...self].filter((x) => !right.has(x)), ...[...right].filter((x) => !self.has(x))])
  }),
  method("issubset", "/ other", (self: PySet, other) => {
    const right = setOfAny(other)
    return [...self].every((item) => right.has(item))
  }),
  method("issuperset", "/ other", (self: PySet, other) =>
    [...setOfAny(other)].every((item) => self.has(item)),
  ),
  method(
    "isdisjoint",
    "/ other",
    (self: PySet, other) => ![...setOfAny(other)].some((item) => self.has(item)),
  ),
])
