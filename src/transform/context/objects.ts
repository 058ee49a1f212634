import { callable, HostObject, PythonError } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"

type Method = (args: unknown[], kwargs: Record<string, unknown>) => unknown

/** A host object whose attributes are values and methods given by name, made when they are asked for. */
export abstract class Attributes extends HostObject {
  /** The value of an attribute; undefined when there is none. */
  protected abstract read(name: string): unknown

  override attribute(name: string): unknown {
    return this.read(name)
  }
}

/** Lends a method; its name is for error messages. */
export function method(name: string, run: Method): unknown {
  return callable(run, name)
}

/** A fixed set of names that templates reach by attribute or by key, as dbt's `exceptions`, `modules` and `flags`. */
export class Namespace extends HostObject {
  override readonly isMapping = true
  readonly #values: Readonly<Record<string, unknown>>
  readonly #label: string

  constructor(label: string, values: Readonly<Record<string, unknown>>) {
    super()
    this.#label = label
    this.#values = values
  }

  override attribute(name: string): unknown {
    if (Object.hasOwn(this.#values, name)) return this.#values[name]
    if (name === "keys") return callable(() => Object.keys(this.#values), "keys")
    if (name === "get") return callable(([key, fallback]) => this.item(key) ?? fallback ?? null, "get")
    return undefined
  }

  override item(key: unknown): unknown {
    return typeof key === "string" && Object.hasOwn(this.#values, key) ? this.#values[key] : undefined
  }

  override iterate(): Iterable<unknown> {
    return Object.keys(this.#values)
  }

  override contains(item: unknown): boolean {
    return typeof item === "string" && Object.hasOwn(this.#values, item)
  }

  override length(): number {
    return Object.keys(this.#values).length
  }

  override toString(): string {
    return this.#label
  }
}

/** An argument by position or name, printed. */
export function textArgument(
  args: unknown[],
  kwargs: Record<string, unknown>,
  index: number,
  name: string,
): string {
  const value = argument(args, kwargs, index, name)
  if (value === undefined || value === null) {
    throw new PythonError("TypeError", `missing required argument: '${name}'`)
  }
  return pythonStr(value)
}

/** An argument by position or name; undefined when it was not given. */
export function argument(
  args: unknown[],
  kwargs: Record<string, unknown>,
  index: number,
  name: string,
): unknown {
  return index < args.length ? args[index] : kwargs[name]
}
