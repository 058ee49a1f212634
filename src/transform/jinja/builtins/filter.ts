import type { Kwargs } from "../values/types.ts"
import { bind, signature } from "../values/signature.ts"

/** What built-in filters and tests may use of the rendering that they are part of. */
export interface BuiltinContext {
  /** New undefined values are dbt's parse-time ones. */
  readonly lenient: boolean
  /** Applies another filter or test by its name. */
  applyFilter(name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown
  applyTest(name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown
  hasFilter(name: string): boolean
  hasTest(name: string): boolean
}

/** A filter or test: the value, then the arguments as written. */
export type Builtin = (context: BuiltinContext, value: unknown, args: unknown[], kwargs: Kwargs) => unknown

/** A filter or test with named parameters; see {@link signature} for their notation. */
export function define(
  name: string,
  parameters: string,
  body: (context: BuiltinContext, value: unknown, ...args: unknown[]) => unknown,
): [string, Builtin] {
  const bound = signature(parameters)
  return [name, (context, value, args, kwargs) => body(context, value, ...bind(name, bound, args, kwargs))]
}
