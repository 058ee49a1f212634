import type { Kwargs } from "../values/types.ts"
import { CartwrightError } from "../../../core/errors.ts"
import { JinjaError, MacroReturn, PythonError } from "../errors.ts"
import type { Builtin, BuiltinContext } from "../builtins/filter.ts"
import type { Source } from "../syntax/source.ts"

/** The names that a template may use: an object, or a lookup that gives undefined for what it does not have. */
export type Context = Readonly<Record<string, unknown>> | Lookup

interface Lookup {
  resolve(name: string): unknown
}

/** Filters, tests and globals of an environment. */
export interface Library {
  readonly filters: ReadonlyMap<string, Builtin>
  readonly tests: ReadonlyMap<string, Builtin>
  readonly globals: ReadonlyMap<string, unknown>
}

/** How deep macros and loops may nest. Python's own limit stops real dbt at less. */
const MAX_DEPTH = 400

/** One rendering: what its names mean, and how its errors get their place. */
export class RenderContext implements BuiltinContext {
  readonly lenient: boolean
  readonly #library: Library
  readonly #source: Source
  readonly #lookup: (name: string) => unknown
  #depth = 0
  /** Offset at which a `return()` came out of a template that is no macro. */
  returnedAt = 0

  constructor(library: Library, source: Source, context: Context, lenient: boolean) {
    this.#library = library
    this.#source = source
    this.lenient = lenient
    this.#lookup = lookup(context)
  }

  /** The value of a name, or JS undefined. */
  resolve(name: string): unknown {
    const value = this.#lookup(name)
    return value === undefined ? this.#library.globals.get(name) : value
  }

  applyFilter(name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown {
    const filter = this.#library.filters.get(name)
    if (filter === undefined) throw new PythonError("RuntimeError", `No filter named '${name}' found.`)
    return filter(this, value, args, kwargs)
  }

  applyTest(name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown {
    const test = this.#library.tests.get(name)
    if (test === undefined) throw new PythonError("RuntimeError", `No test named '${name}' found.`)
    return test(this, value, args, kwargs)
  }

  hasFilter(name: string): boolean {
    return this.#library.filters.has(name)
  }

  hasTest(name: string): boolean {
    return this.#library.tests.has(name)
  }

  /** Called by every function of a template first. */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) throw new PythonError("RuntimeError", "maximum recursion depth exceeded")
  }

  leave(): void {
    this.#depth--
  }

  /** What to throw for something that was thrown at an offset of the template. Bugs and other codes stay as they are. */
  fail(thrown: unknown, at: number): unknown {
    if (thrown instanceof JinjaError) {
      const here = `${this.#source.file}:${this.#source.lineOf(at)}`
      if (thrown.trace.at(-1) !== here && `${thrown.file}:${thrown.line}` !== here) thrown.trace.push(here)
      return thrown
    }
    if (thrown instanceof PythonError) return this.#source.error(thrown.message, at, thrown)
    if (thrown instanceof CartwrightError && thrown.code === "transform") {
      return this.#source.error(thrown.message, at, thrown)
    }
    if (thrown instanceof RangeError && thrown.message === "Maximum call stack size exceeded") {
      return this.#source.error("maximum recursion depth exceeded", at, thrown)
    }
    if (thrown instanceof MacroReturn) this.returnedAt = at
    return thrown
  }
}

function lookup(context: Context): (name: string) => unknown {
  if (isLookup(context)) return (name) => context.resolve(name)
  return (name) => (Object.hasOwn(context, name) ? context[name] : undefined)
}

/** A template's value is never a bare function: a `resolve` that is one is the lookup. */
function isLookup(context: Context): context is Lookup {
  return typeof (context as { resolve?: unknown }).resolve === "function"
}
