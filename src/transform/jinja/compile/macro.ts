import { MacroReturn, PythonError } from "../errors.ts"
import { Dict } from "../values/dict.ts"
import { repr } from "../values/text.ts"
import { Callable, Tuple, Undefined, type Kwargs } from "../values/types.ts"
import { NO_KWARGS } from "./arguments.ts"

type Body = (...args: unknown[]) => unknown

/** A macro inside its template, or the `caller` of a call block. `return()` passes through it. */
export class Macro extends Callable {
  /** @param names the declared parameters; undefined arguments of the body take their defaults there */
  constructor(
    body: Body,
    name: string | null,
    names: readonly string[],
    catchKwargs: boolean,
    catchVarargs: boolean,
    caller: boolean,
    lenient: boolean,
  ) {
    const explicitCaller = names.includes("caller")
    const attributes = new Map<string, unknown>([
      ["name", name],
      ["arguments", Tuple.from(names)],
      ["catch_kwargs", catchKwargs],
      ["catch_varargs", catchVarargs],
      ["caller", caller],
      ["explicit_caller", explicitCaller],
    ])
    const invoke = (args: unknown[], kwargs: Kwargs): unknown => {
      const given = new Keywords(kwargs)
      const bound: unknown[] = args.slice(0, names.length).map((arg) => (arg === undefined ? null : arg))
      let foundCaller = bound.length === names.length && explicitCaller
      for (let i = bound.length; i < names.length; i++) {
        const parameter = names[i] as string
        bound.push(given.take(parameter))
        if (parameter === "caller") foundCaller = true
      }
      if (caller && !foundCaller) {
        bound.push(
          given.take("caller") ?? new Undefined({ hint: "No caller defined", name: "caller", lenient }),
        )
      }
      if (catchKwargs) bound.push(given.rest())
      else given.refuse(name)
      if (catchVarargs) bound.push(Tuple.from(args.slice(names.length)))
      else if (args.length > names.length) {
        throw new PythonError(
          "TypeError",
          `macro ${repr(name)} takes not more than ${names.length} argument(s)`,
        )
      }
      return body(...bound)
    }
    super(invoke, name ?? "caller", attributes)
  }

  override toString(): string {
    const name = this.attributes?.get("name")
    return `<Macro ${name === null ? "anonymous" : repr(name)}>`
  }
}

/** The keyword arguments of one call, as parameters take theirs. */
class Keywords {
  readonly #given: Kwargs
  readonly #taken = new Set<string>()

  constructor(given: Kwargs) {
    this.#given = given
  }

  /** The value of a keyword, undefined if it was not given. */
  take(name: string): unknown {
    if (!Object.hasOwn(this.#given, name)) return undefined
    this.#taken.add(name)
    const value = this.#given[name]
    return value === undefined ? null : value
  }

  #left(): [string, unknown][] {
    if (this.#given === NO_KWARGS) return []
    return Object.entries(this.#given).filter(([name]) => !this.#taken.has(name))
  }

  rest(): Dict {
    return Dict.fromEntries(this.#left())
  }

  refuse(macro: string | null): void {
    const left = this.#left()
    const [first] = left
    if (first === undefined) return
    if (left.some(([name]) => name === "caller")) {
      const what = `macro ${repr(macro)} was invoked with two values for the special caller argument.`
      throw new PythonError("TypeError", `${what} This is most likely a bug.`)
    }
    throw new PythonError("TypeError", `macro ${repr(macro)} takes no keyword argument ${repr(first[0])}`)
  }
}

/** Lends a macro to the outside: there `return()` ends it and gives its value. */
export function bound(name: string, macro: () => Callable): Callable {
  return new Callable((args, kwargs) => {
    try {
      const result = macro().invoke(args, kwargs)
      return result instanceof Promise ? result.catch(returned) : result
    } catch (thrown) {
      return returned(thrown)
    }
  }, name)
}

function returned(thrown: unknown): unknown {
  if (thrown instanceof MacroReturn) return thrown.value
  throw thrown
}
