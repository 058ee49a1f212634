import { HostObject, PythonError, callable } from "../jinja/index.ts"
import { didYouMean } from "../errors.ts"
import { asDict } from "../yaml/yaml.ts"
import { describe, type NodeContext } from "./context.ts"
import { textArgument } from "./objects.ts"

/**
 * `var(name, default)`. The command line comes first, then the root project (for this package, then for all), then the
 * package's own.
 */
export class VarObject extends HostObject {
  override readonly typeName = "Var"
  readonly #context: NodeContext

  constructor(context: NodeContext) {
    super()
    this.#context = context
  }

  override attribute(name: string): unknown {
    if (name !== "has_var") return undefined
    return callable(
      (args, kwargs) => this.#find(textArgument(args, kwargs, 0, "var_name")) !== undefined,
      name,
    )
  }

  override call(args: unknown[], kwargs: Record<string, unknown>): unknown {
    const name = textArgument(args, kwargs, 0, "name")
    const found = this.#find(name)
    if (found !== undefined) return found.value
    const fallback = args.length > 1 ? args[1] : kwargs["default"]
    if (fallback !== undefined || args.length > 1 || "default" in kwargs) return fallback ?? null
    const known = this.#names()
    throw new PythonError(
      "RuntimeError",
      `Required var '${name}' not found in config${didYouMean(name, known)}. Vars supplied to ${describe(this.#context)}: ${known.join(", ") || "none"}`,
    )
  }

  #scopes(): (Record<string, unknown> | undefined)[] {
    const { invocation, packageName } = this.#context
    const own = invocation.projects.get(packageName)
    return [
      invocation.vars,
      asDict(invocation.root.vars[packageName]),
      invocation.root.vars,
      own === invocation.root ? undefined : asDict(own?.vars[packageName]),
      own === invocation.root ? undefined : own?.vars,
    ]
  }

  #find(name: string): { value: unknown } | undefined {
    for (const scope of this.#scopes())
      if (scope !== undefined && Object.hasOwn(scope, name)) return { value: scope[name] ?? null }
    return undefined
  }

  #names(): string[] {
    return [...new Set(this.#scopes().flatMap((scope) => Object.keys(scope ?? {})))].sort()
  }

  override toString(): string {
    return "<dbt.context.providers.RuntimeVar>"
  }
}
