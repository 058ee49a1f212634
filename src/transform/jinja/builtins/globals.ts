import { PythonError } from "../errors.ts"
import { attributeOf } from "../values/attributes.ts"
import { pairs } from "../values/collection-methods.ts"
import { Dict } from "../values/dict.ts"
import { index } from "../values/numbers.ts"
import { bind, signature } from "../values/signature.ts"
import { Callable, callable, HostObject, Namespace, Range, Tuple, type Kwargs } from "../values/types.ts"

/** The sandbox of Jinja allows no longer ranges. */
const MAX_RANGE = 100_000

function range(args: unknown[]): Range {
  if (args.length < 1 || args.length > 3) {
    throw new PythonError("TypeError", `range expected 1 to 3 arguments, got ${args.length}`)
  }
  const bounds = args.map(index)
  const [start, stop, step] =
    bounds.length === 1 ? [0, bounds[0] ?? 0, 1] : [bounds[0] ?? 0, bounds[1] ?? 0, bounds[2] ?? 1]
  if (step === 0) throw new PythonError("ValueError", "range() arg 3 must not be zero")
  const result = new Range(start, stop, step)
  if (result.length > MAX_RANGE) {
    const what = `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`
    throw new PythonError("OverflowError", what)
  }
  return result
}

/** `dict(mapping or pairs, **names)` */
export function makeDict(args: unknown[], kwargs: Kwargs): Dict {
  if (args.length > 1)
    throw new PythonError("TypeError", `dict expected at most 1 argument, got ${args.length}`)
  const dict = Dict.fromEntries(args.length === 0 ? [] : pairs(args[0]))
  for (const [key, value] of Object.entries(kwargs)) dict.set(key, value)
  return dict
}

class Cycler extends HostObject {
  override readonly typeName = "Cycler"
  readonly #items: unknown[]
  #at = 0

  constructor(items: unknown[]) {
    super()
    if (items.length === 0) throw new PythonError("RuntimeError", "at least one item has to be provided")
    this.#items = items
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "current":
        return this.#items[this.#at]
      case "items":
        return Tuple.from(this.#items)
      case "pos":
        return this.#at
      case "next":
        return callable(() => {
          const item = this.#items[this.#at]
          this.#at = (this.#at + 1) % this.#items.length
          return item
        }, name)
      case "reset":
        return callable(() => {
          this.#at = 0
        }, name)
      default:
        return undefined
    }
  }

  toString(): string {
    return "<jinja2.utils.Cycler object>"
  }
}

class Joiner extends HostObject {
  override readonly typeName = "Joiner"
  readonly #separator: unknown
  #used = false

  constructor(separator: unknown) {
    super()
    this.#separator = separator
  }

  override attribute(name: string): unknown {
    if (name === "sep") return this.#separator
    return name === "used" ? this.#used : undefined
  }

  override call(): unknown {
    const separator = this.#used ? this.#separator : ""
    this.#used = true
    return separator
  }

  toString(): string {
    return "<jinja2.utils.Joiner object>"
  }
}

const JOINER = signature("sep?")
const FROM_KEYS = new Map([["fromkeys", attributeOf(new Dict(), "fromkeys")]])

/** What every Jinja template can call. */
export const GLOBALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["range", callable(range, "range")],
  ["dict", new Callable(makeDict, "dict", FROM_KEYS)],
  ["namespace", callable((args, kwargs) => new Namespace(makeDict(args, kwargs)), "namespace")],
  ["cycler", callable((args) => new Cycler(args), "cycler")],
  [
    "joiner",
    callable((args, kwargs) => new Joiner(bind("joiner", JOINER, args, kwargs)[0] ?? ", "), "joiner"),
  ],
  [
    "lipsum",
    callable(() => {
      throw new PythonError(
        "RuntimeError",
        "not supported by the embedded runner: lipsum(); use --engine dbt",
      )
    }, "lipsum"),
  ],
])
