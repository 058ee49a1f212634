import { PythonError } from "../errors.ts"
import { Markup, NativeMarker, PyFloat, Tuple, Undefined } from "./types.ts"

/**
 * A Python dict: keys are equal as in Python (1, 1.0 and True are one key, tuples by their items), the first spelling of
 * a key is kept, and lists or dicts are refused as keys.
 */
export class Dict extends Map<unknown, unknown> {
  /** Spelling of the keys that are stored under another value. */
  #spelling: Map<unknown, unknown> | undefined
  /** Tuples by the text of their items. */
  #tuples: Map<string, Tuple> | undefined

  static fromEntries(entries: Iterable<readonly [unknown, unknown]>): Dict {
    const dict = new Dict()
    for (const [key, value] of entries) dict.set(key, value)
    return dict
  }

  override get(key: unknown): unknown {
    return super.get(typeof key === "string" ? key : this.#canonical(key))
  }

  override has(key: unknown): boolean {
    return super.has(typeof key === "string" ? key : this.#canonical(key))
  }

  override set(key: unknown, value: unknown): this {
    if (typeof key === "string") return super.set(key, value)
    const canonical = this.#canonical(key)
    if (key instanceof Tuple && canonical === key) {
      this.#tuples ??= new Map()
      this.#tuples.set(tupleText(key), key)
    } else if (canonical !== key && !super.has(canonical)) {
      this.#spelling ??= new Map()
      this.#spelling.set(canonical, key)
    }
    return super.set(canonical, value)
  }

  override delete(key: unknown): boolean {
    const canonical = this.#canonical(key)
    this.#spelling?.delete(canonical)
    if (canonical instanceof Tuple) this.#tuples?.delete(tupleText(canonical))
    return super.delete(canonical)
  }

  override clear(): void {
    this.#spelling = undefined
    this.#tuples = undefined
    super.clear()
  }

  override *keys(): MapIterator<unknown> {
    for (const key of super.keys()) yield this.#spelt(key)
  }

  override *entries(): MapIterator<[unknown, unknown]> {
    for (const [key, value] of super.entries()) yield [this.#spelt(key), value]
  }

  override [Symbol.iterator](): MapIterator<[unknown, unknown]> {
    return this.entries()
  }

  override forEach(callback: (value: unknown, key: unknown, map: Map<unknown, unknown>) => void): void {
    for (const [key, value] of this.entries()) callback(value, key, this)
  }

  #spelt(key: unknown): unknown {
    return this.#spelling?.has(key) ? this.#spelling.get(key) : key
  }

  #canonical(key: unknown): unknown {
    if (key instanceof Tuple) return this.#tuples?.get(tupleText(key)) ?? key
    return canonicalKey(key)
  }
}

/** The value under which a scalar key is stored: equal keys of different types become one. */
export function canonicalKey(key: unknown): unknown {
  if (typeof key === "number") return Number.isInteger(key) && !Number.isSafeInteger(key) ? BigInt(key) : key
  if (typeof key === "boolean") return key ? 1 : 0
  if (typeof key !== "object" || key === null) return key
  if (key instanceof PyFloat) return canonicalKey(key.value)
  if (key instanceof Markup || key instanceof NativeMarker) return key.text
  if (key instanceof Undefined) return Undefined
  if (key instanceof Tuple) {
    for (const item of key) canonicalKey(item)
    return key
  }
  const type = UNHASHABLE.find(([is]) => is(key))?.[1]
  if (type !== undefined) throw new PythonError("TypeError", `unhashable type: '${type}'`)
  return key
}

const UNHASHABLE: readonly [is: (value: object) => boolean, type: string][] = [
  [Array.isArray, "list"],
  [(value) => value instanceof Map || isPlainObject(value), "dict"],
  [(value) => value instanceof PySet || value instanceof Set, "set"],
]

const identities = new WeakMap<object, number>()
let nextIdentity = 0

function tupleText(tuple: Tuple): string {
  let text = "("
  for (const item of tuple) {
    const key = item instanceof Tuple ? tupleText(item) : canonicalKey(item)
    if (typeof key === "string") text += item instanceof Tuple ? key : JSON.stringify(key)
    else if (typeof key === "object" && key !== null) text += `#${identity(key)}`
    else if (typeof key === "function") text += `#${identity(key)}`
    else text += String(key)
    text += ","
  }
  return `${text})`
}

function identity(value: object): number {
  let id = identities.get(value)
  if (id === undefined) identities.set(value, (id = nextIdentity++))
  return id
}

/** An object literal of the host (or parsed JSON or YAML): read as a dict. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

/** What all dicts can do, Dict, Map and plain objects of the host alike. */
export interface DictLike {
  readonly size: number
  get(key: unknown): unknown
  has(key: unknown): boolean
  set(key: unknown, value: unknown): unknown
  delete(key: unknown): boolean
  clear(): void
  keys(): IterableIterator<unknown>
  entries(): IterableIterator<[unknown, unknown]>
}

/** The value as a dict, if it is one. */
export function dictOf(value: unknown): DictLike | undefined {
  if (value instanceof Map) return value as Map<unknown, unknown>
  return isPlainObject(value) ? new ObjectDict(value) : undefined
}

/** A plain object of the host as a dict: own properties only. */
class ObjectDict implements DictLike {
  readonly object: Record<string, unknown>

  constructor(object: Record<string, unknown>) {
    this.object = object
  }

  get size(): number {
    return Object.keys(this.object).length
  }

  get(key: unknown): unknown {
    return this.has(key) ? this.object[String(key)] : undefined
  }

  has(key: unknown): boolean {
    const name = canonicalKey(key)
    return typeof name === "string" && Object.hasOwn(this.object, name)
  }

  set(key: unknown, value: unknown): void {
    const name = canonicalKey(key)
    if (typeof name !== "string") throw new PythonError("TypeError", "keys of this mapping must be strings")
    Object.defineProperty(this.object, name, { value, writable: true, enumerable: true, configurable: true })
  }

  delete(key: unknown): boolean {
    return this.has(key) && delete this.object[String(key)]
  }

  clear(): void {
    for (const key of Object.keys(this.object)) delete this.object[key]
  }

  keys(): IterableIterator<unknown> {
    return Object.keys(this.object)[Symbol.iterator]()
  }

  entries(): IterableIterator<[unknown, unknown]> {
    return Object.entries(this.object)[Symbol.iterator]()
  }
}

/** A Python set, in order of insertion. */
export class PySet {
  readonly items: Dict

  constructor(items: Iterable<unknown> = []) {
    this.items = new Dict()
    for (const item of items) this.items.set(item, true)
  }

  get size(): number {
    return this.items.size
  }

  has(item: unknown): boolean {
    return this.items.has(item)
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.items.keys()
  }
}
