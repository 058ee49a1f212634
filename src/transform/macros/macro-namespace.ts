import { Namespace } from "../context/objects.ts"
import { didYouMean } from "../errors.ts"
import { callable, PythonError } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"

/** A package's macros under its name: `dbt_utils.star`. */
export class MacroNamespace extends Namespace {
  readonly #find: (name: string) => unknown
  readonly #label_: string
  readonly #names: readonly string[]

  constructor(label: string, find: (name: string) => unknown, names: readonly string[]) {
    super(label, {})
    this.#find = find
    this.#label_ = label
    this.#names = names
  }

  override attribute(name: string): unknown {
    const found = this.#find(name)
    if (found !== undefined) return found
    if (name === "keys") return callable(() => [...this.#names], name)
    if (name === "get")
      return callable(([key, fallback]) => this.#find(pythonStr(key)) ?? fallback ?? null, name)
    throw new PythonError(
      "UndefinedError",
      `the package '${this.#label_}' has no macro '${name}'${didYouMean(name, this.#names)}`,
    )
  }

  override item(key: unknown): unknown {
    return this.#find(pythonStr(key))
  }

  override contains(item: unknown): boolean {
    return typeof item === "string" && this.#find(item) !== undefined
  }
}
