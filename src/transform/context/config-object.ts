import { toHost, PythonError } from "../jinja/index.ts"
import { mergeCalls } from "../parse/config.ts"
import { pythonStr } from "../values.ts"
import { asDict } from "../yaml/yaml.ts"
import type { NodeContext } from "./context.ts"
import { argument, Attributes, method, textArgument } from "./objects.ts"

/** `config`: called, it configures the node (read at parse time, nothing later); `get` and `require` read. */
export class ConfigObject extends Attributes {
  override readonly typeName = "RuntimeConfigObject"
  readonly #context: NodeContext

  constructor(context: NodeContext) {
    super()
    this.#context = context
  }

  override call(args: unknown[], kwargs: Record<string, unknown>): unknown {
    const { captured } = this.#context
    if (captured === undefined) return ""
    const dict = args.length === 0 ? kwargs : asDict(toHost(args[0]))
    if (dict === undefined || (args.length > 0 && Object.keys(kwargs).length > 0)) {
      throw new PythonError("TypeError", "config() takes either one mapping or keyword arguments")
    }
    captured.config = mergeCalls(captured.config, asDict(toHost(dict)) ?? {})
    return ""
  }

  protected read(name: string): unknown {
    const { captured } = this.#context
    switch (name) {
      case "get":
        // At parse time nothing is known yet: dbt answers with empty text.
        return method(name, (args, kwargs) =>
          captured
            ? ""
            : this.#get(textArgument(args, kwargs, 0, "name"), argument(args, kwargs, 1, "default")),
        )
      case "meta_get":
        return method(name, (args, kwargs) =>
          captured
            ? ""
            : this.#meta(textArgument(args, kwargs, 0, "name"), argument(args, kwargs, 1, "default")),
        )
      case "require":
        return method(name, (args, kwargs) =>
          this.#require(textArgument(args, kwargs, 0, "name"), this.#config()),
        )
      case "meta_require":
        return method(name, (args, kwargs) =>
          this.#require(textArgument(args, kwargs, 0, "name"), asDict(this.#config()["meta"]) ?? {}),
        )
      case "set":
        return method(name, (args, kwargs) =>
          this.call([], { [textArgument(args, kwargs, 0, "name")]: args[1] }),
        )
      case "persist_relation_docs":
        return method(name, () => asDict(this.#config()["persist_docs"])?.["relation"] === true)
      case "persist_column_docs":
        return method(name, () => asDict(this.#config()["persist_docs"])?.["columns"] === true)
      case "model":
        return this.#context.node
      default:
        return undefined
    }
  }

  #config(): Record<string, unknown> {
    return this.#context.node?.config ?? {}
  }

  #get(name: string, fallback: unknown): unknown {
    const config = this.#config()
    const key = name === "pre_hook" || name === "post_hook" ? name.replace("_", "-") : name
    if (name !== "pre-hook" && name !== "post-hook" && Object.hasOwn(config, key)) return config[key] ?? null
    return fallback ?? null
  }

  #meta(name: string, fallback: unknown): unknown {
    const meta = asDict(this.#config()["meta"]) ?? {}
    return Object.hasOwn(meta, name) ? meta[name] : (fallback ?? null)
  }

  #require(name: string, config: Record<string, unknown>): unknown {
    if (this.#context.captured !== undefined) return ""
    if (!Object.hasOwn(config, name)) {
      throw new PythonError("RuntimeError", `the config '${pythonStr(name)}' is required and not set`)
    }
    return config[name] ?? null
  }

  override toString(): string {
    return "<dbt.context.providers.RuntimeConfigObject>"
  }
}
