import type { Dict, DictLike } from "./dict.ts"

/** Keyword arguments: an object without prototype, which is not to be changed. */
export type Kwargs = Readonly<Record<string, unknown>>

/** What the host lends to templates; see the table in ../index.ts for the values on both sides. */
export type HostFunction = (args: unknown[], kwargs: Kwargs) => unknown

/** A float with an integral value, which a JS number could not tell from an int. */
export class PyFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }

  valueOf(): number {
    return this.value
  }

  toString(): string {
    return String(this.value)
  }
}

/** A Python Decimal of the host: prints as it was written, counts as a float in arithmetic. */
export class PyDecimal extends PyFloat {
  readonly text: string

  constructor(text: string) {
    super(Number(text))
    this.text = text
  }
}

/** A number as a float: wrapped if it is integral. */
export function float(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value
}

/** Any of Python's numbers, booleans among them. */
export type Numeric = number | bigint | boolean | PyFloat

export function isNumeric(value: unknown): value is Numeric {
  const type = typeof value
  return type === "number" || type === "boolean" || type === "bigint" || value instanceof PyFloat
}

export function isFloat(value: unknown): boolean {
  return typeof value === "number" ? !Number.isInteger(value) : value instanceof PyFloat
}

/** An int and no bool. */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === "number" ? Number.isInteger(value) : typeof value === "bigint"
}

/** Make it with `Tuple.of(…)` or `Tuple.from(…)`. */
export class Tuple extends Array<unknown> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }
}

/** What `groupby` yields: a tuple whose two items also have names. */
export class GroupTuple extends Tuple {}

/** A string that is marked as safe: concatenation with it escapes the other side. */
export class Markup {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

export type MarkerKind = "text" | "native" | "bool" | "number"

/** A string that says what a YAML value which is nothing but this string shall become: `as_text`, `as_number` … */
export class NativeMarker {
  readonly kind: MarkerKind
  readonly text: string

  constructor(kind: MarkerKind, text: string) {
    this.kind = kind
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** Marks that the value was not reached through an object but by its name. */
const NO_OBJECT: unique symbol = Symbol("no object")

/** A name, attribute or item that is not there. Prints as nothing; most operations on it fail. */
export class Undefined {
  readonly hint: string | undefined
  readonly name: unknown
  readonly object: unknown
  /** dbt's parse-time undefined: attributes, items and calls give it again. */
  readonly lenient: boolean
  readonly unsafe: boolean

  constructor(options: {
    hint?: string
    name?: unknown
    object?: unknown
    lenient?: boolean
    unsafe?: boolean
  }) {
    this.hint = options.hint
    this.name = options.name
    this.object = "object" in options ? options.object : NO_OBJECT
    this.lenient = options.lenient ?? false
    this.unsafe = options.unsafe ?? false
  }

  get hasObject(): boolean {
    return this.object !== NO_OBJECT
  }
}

/** Something that templates can call. Attributes are those in `attributes`, nothing else. */
export class Callable {
  readonly name: string
  readonly invoke: HostFunction
  readonly attributes: ReadonlyMap<string, unknown> | undefined

  constructor(invoke: HostFunction, name: string, attributes?: ReadonlyMap<string, unknown>) {
    this.invoke = invoke
    this.name = name
    this.attributes = attributes
  }

  toString(): string {
    return `<function ${this.name}>`
  }
}

/** Lends a function of the host to templates. */
export function callable(invoke: HostFunction, name = "function"): Callable {
  return new Callable(invoke, name)
}

/**
 * An object of the host. Templates reach nothing of it but what these methods give; override what applies.
 * A method that is not overridden answers as a Python object without that ability.
 */
export abstract class HostObject {
  /** Python's name of the type, for error messages. */
  readonly typeName: string = "object"
  /** `obj.name`, and `obj['name']` when there is no such item; undefined = no such attribute. */
  attribute?(name: string): unknown
  /** `obj[key]`; undefined = no such item. */
  item?(key: unknown): unknown
  /** `obj(…)` */
  call?(args: unknown[], kwargs: Kwargs): unknown
  /** `for x in obj`, and `x in obj` where `contains` is missing. */
  iterate?(): Iterable<unknown>
  contains?(item: unknown): boolean
  /** `obj | length` */
  length?(): number
  /** Truth; else length > 0, else true. */
  truth?(): boolean
  equals?(other: unknown): boolean
  /** Order against another value: negative, zero, positive; undefined = cannot be compared. */
  compare?(other: unknown): number | undefined
  /** `obj + other` and the like; `reflected` where obj is on the right. undefined = not supported. */
  operate?(operator: string, other: unknown, reflected: boolean): unknown
  /** True for `is mapping`, `**obj`, `dict(obj)`: needs `iterate` (keys) and `item`. */
  readonly isMapping: boolean = false
  /** `{{ obj }}` */
  abstract toString(): string
  /** How it looks inside a list. */
  repr(): string {
    return this.toString()
  }
  /** What `tojson` writes for it; undefined = not serializable. */
  toJson?(): unknown
}

/** A Python range. */
export class Range {
  readonly start: number
  readonly stop: number
  readonly step: number
  readonly length: number

  constructor(start: number, stop: number, step: number) {
    this.start = start
    this.stop = stop
    this.step = step
    this.length = Math.max(0, Math.ceil((stop - start) / step))
  }

  at(index: number): number {
    return this.start + index * this.step
  }

  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.length; i++) yield this.at(i)
  }
}

/** An iterator that can be consumed once, as `map`, `select`, `unique` and others give; always true, has no length. */
export class OneShot {
  readonly typeName: string
  readonly #iterator: Iterator<unknown>

  constructor(source: Iterable<unknown>, typeName = "generator") {
    this.#iterator = source[Symbol.iterator]()
    this.typeName = typeName
  }

  next(): IteratorResult<unknown> {
    return this.#iterator.next()
  }

  [Symbol.iterator](): Iterator<unknown> {
    return { next: () => this.#iterator.next() }
  }
}

export type ViewKind = "keys" | "values" | "items"

/** What `dict.keys()`, `.values()` and `.items()` give: live, countable, without index. */
export class DictView {
  readonly dict: DictLike
  readonly kind: ViewKind

  constructor(dict: DictLike, kind: ViewKind) {
    this.dict = dict
    this.kind = kind
  }
}

/** The object of `namespace()`, whose attributes `set` may assign. */
export class Namespace {
  readonly attributes: Dict

  constructor(attributes: Dict) {
    this.attributes = attributes
  }
}
