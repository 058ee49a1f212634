import { PythonError } from "../errors.ts"
import { equal } from "../values/comparison.ts"
import { iterate, tryLength } from "../values/iteration.ts"
import { str } from "../values/text.ts"
import { callable, HostObject, Tuple, Undefined } from "../values/types.ts"

/** Renders the body of a recursive loop for other items. */
export type LoopFunction = (items: unknown, depth: number) => unknown

/** The `loop` of a for loop that uses it, and what it iterates. */
export class LoopContext extends HostObject {
  override readonly typeName = "LoopContext"
  readonly #items: unknown
  #iterator: Iterator<unknown>
  readonly #recurse: LoopFunction | undefined
  readonly #depth: number
  readonly #lenient: boolean
  #index = -1
  #length: number | undefined
  /** The item looked at ahead of its turn. */
  #ahead: IteratorResult<unknown> | undefined
  #current: unknown
  #before: unknown
  #changed: unknown[] | undefined

  constructor(items: unknown, recurse: LoopFunction | undefined, depth: number, lenient: boolean) {
    super()
    this.#lenient = lenient
    this.#items = items
    this.#iterator = iterate(items)[Symbol.iterator]()
    this.#recurse = recurse
    this.#depth = depth
  }

  *[Symbol.iterator](): Generator {
    for (;;) {
      const result = this.#ahead ?? this.#iterator.next()
      this.#ahead = undefined
      if (result.done === true) return
      this.#index++
      this.#before = this.#current
      this.#current = result.value
      yield result.value
    }
  }

  override iterate(): Iterable<unknown> {
    return this
  }

  override length(): number {
    if (this.#length === undefined) {
      this.#length = tryLength(this.#items)
      if (this.#length === undefined) {
        const ahead = this.#peek()
        const rest = ahead.done === true ? [] : [ahead.value, ...this.#rest()]
        this.#length = this.#index + 1 + rest.length
        this.#ahead = undefined
        this.#iterator = rest[Symbol.iterator]()
      }
    }
    return this.#length
  }

  *#rest(): Generator {
    for (let next = this.#iterator.next(); next.done !== true; next = this.#iterator.next()) yield next.value
  }

  #peek(): IteratorResult<unknown> {
    this.#ahead ??= this.#iterator.next()
    return this.#ahead
  }

  override attribute(name: string): unknown {
    switch (name) {
      case "index":
        return this.#index + 1
      case "index0":
        return this.#index
      case "revindex":
        return this.length() - this.#index
      case "revindex0":
        return this.length() - this.#index - 1
      case "first":
        return this.#index === 0
      case "last":
        return this.#peek().done === true
      case "length":
        return this.length()
      case "depth":
        return this.#depth + 1
      case "depth0":
        return this.#depth
      case "previtem":
        return this.#index === 0 ? this.#missing("there is no previous item") : (this.#before ?? null)
      case "nextitem": {
        const next = this.#peek()
        return next.done === true ? this.#missing("there is no next item") : (next.value ?? null)
      }
      case "cycle":
        return callable((args) => {
          if (args.length === 0) throw new PythonError("TypeError", "no items for cycling given")
          return args[this.#index % args.length]
        }, name)
      case "changed":
        return callable((args) => {
          if (this.#changed !== undefined && equal(Tuple.from(this.#changed), Tuple.from(args))) return false
          this.#changed = args
          return true
        }, name)
      default:
        return undefined
    }
  }

  #missing(hint: string): Undefined {
    return new Undefined({ hint, lenient: this.#lenient })
  }

  override call(args: unknown[]): unknown {
    if (this.#recurse === undefined) {
      const what = "The loop must have the 'recursive' marker to be called recursively."
      throw new PythonError("TypeError", what)
    }
    return this.#recurse(args[0], this.#depth + 1)
  }

  override truth(): boolean {
    return this.length() > 0
  }

  toString(): string {
    return `<LoopContext ${this.#index + 1}/${str(this.length())}>`
  }
}
