import { PythonError } from "../jinja/index.ts"
import { pythonStr } from "../values.ts"

/** What a built-in macro may use of the node that is rendered. */
export interface BuiltinHost {
  /** Calls a macro by the name that the node sees, overrides included. */
  macro(name: string, args: readonly unknown[]): Promise<unknown>
}

/** One call, its arguments bound to the macro's parameters. */
export interface BuiltinCall<Host extends BuiltinHost = BuiltinHost> {
  host: Host
  value(parameter: string): unknown
  /** The argument as it would be printed. */
  text(parameter: string): string
}

/** A macro that dbt has and this runner has written for itself. */
export interface Builtin {
  name: string
  /** `default` or `duckdb`: the prefix under which dispatch finds it; undefined when it is not dispatched. */
  prefix: "default" | "duckdb" | undefined
  /** Names in order; those with a value are optional. */
  parameters: readonly (readonly [name: string, fallback?: unknown])[]
  run(call: BuiltinCall<never>): unknown
}

type Signature = Record<string, unknown>

/** Marks a parameter that must be given. */
export const REQUIRED = Symbol("required")

/** Declares a dispatched macro: overridable as `default__name` and `duckdb__name`. */
export function dispatched<Host extends BuiltinHost>(
  name: string,
  signature: Signature,
  run: (call: BuiltinCall<Host>) => unknown,
  prefix: "default" | "duckdb" = "default",
): Builtin {
  return { ...plain(name, signature, run), prefix }
}

/** Declares a macro that calls no other by dispatch. */
export function plain<Host extends BuiltinHost>(
  name: string,
  signature: Signature,
  run: (call: BuiltinCall<Host>) => unknown,
): Builtin {
  const parameters = Object.entries(signature).map(([key, fallback]) =>
    fallback === REQUIRED ? ([key] as const) : ([key, fallback] as const),
  )
  return { name, prefix: undefined, parameters, run }
}

/** Binds positional and keyword arguments to parameters, as a Jinja macro does. */
export function bind(
  builtin: Builtin,
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  host: BuiltinHost,
): BuiltinCall {
  const { name, parameters } = builtin
  if (args.length > parameters.length) {
    throw new PythonError("TypeError", `macro '${name}' takes not more than ${parameters.length} argument(s)`)
  }
  for (const key of Object.keys(kwargs)) {
    if (!parameters.some(([parameter]) => parameter === key)) {
      throw new PythonError("TypeError", `macro '${name}' takes no keyword argument '${key}'`)
    }
  }
  const bound = new Map<string, unknown>()
  for (const [i, [parameter, fallback]] of parameters.entries()) {
    bound.set(parameter, i < args.length ? args[i] : parameter in kwargs ? kwargs[parameter] : fallback)
  }
  return {
    host,
    value: (parameter) => bound.get(parameter),
    text: (parameter) => {
      const value = bound.get(parameter)
      return value === undefined ? "" : pythonStr(value)
    },
  }
}
