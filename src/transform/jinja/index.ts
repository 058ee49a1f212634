/**
 * The Jinja engine of the embedded dbt runner: Jinja2 3.1 as dbt configures it (sandbox, `do`, `break`/`continue`,
 * dbt's block tags), compiled to async JavaScript. It knows nothing of dbt's own functions: the host supplies them.
 *
 * ```ts
 * const environment = new Environment({ globals: { var: callable(([name]) => vars[name]) } })
 * const template = environment.compile(text, "models/orders.sql")  // throws JinjaError
 * await template.render({ ref: callable(…) })                      // or { resolve: (name) => … }, asked lazily
 * const macro = environment.compile(file, "macros/cents.sql").blocks[0].bind(context)  // a Callable
 * await macro.invoke(["price"], {})                                // text, or what return() gave
 * ```
 *
 * Values, as templates and host code see them:
 *
 * | Python          | here                                                                                        |
 * |-----------------|---------------------------------------------------------------------------------------------|
 * | None, bool, str | `null`, boolean, string (`Markup` after `safe`, `e`, `tojson`)                                 |
 * | int             | number with an integral value, `bigint` beyond 2^53                                           |
 * | float           | number with a fraction, NaN, infinities; an integral float is a `PyFloat` (make it: `float(2)`) |
 * | list, tuple     | array, `Tuple` (an array too; make it: `Tuple.of(…)`, `Tuple.from(…)`)                        |
 * | dict            | `Dict` (a Map); the host may also give a Map or a plain object, they are read and written as dicts |
 * | set             | `PySet`; a Set of the host is read as one                                                     |
 * | callable        | `Callable` (make it: `callable(fn, name?)`); a bare function is opaque and cannot be called  |
 * | any object      | a subclass of `HostObject`, which says what templates may do with it                         |
 * | undefined       | `Undefined`. The host's JS `undefined` means None as a result, and "no such name" as a lookup |
 *
 * `toHost` turns a template's value into plain JS; `fromHost` turns plain JS (JSON, YAML) into template values.
 *
 * Host callables get `(args, kwargs)`: the positional arguments, `*args` spread, and the keyword arguments, `**kwargs`
 * merged, as an object without prototype. They may return a promise; the template waits for it. `{% call %}` passes
 * its body as the keyword argument `caller`, a Callable. Throw `PythonError` or a CartwrightError: code `transform`
 * becomes a JinjaError with the place in the template and the original as `cause`, other codes pass through.
 * Throw `MacroReturn` for `return()`: it ends the nearest bound block, not an inner macro or the body of a call block.
 * Filters and tests may not return promises when they are reached through `map`, `select` and the like.
 *
 * A macro is bound in its own template under dbt's name (`dbt_macro__cents`), as dbt does: plain calls go through the
 * context, so give it all macros. `render(context, { lenient: true })` is dbt's parse time, where undefined values may
 * be called. Unknown filters fail when the template or block that names them is first rendered, or when they are
 * reached if they stand inside an `if`.
 */
export {
  type BlockDefinition,
  Environment,
  type Template,
} from "./environment.ts"
export { JinjaError, MacroReturn, PythonError } from "./errors.ts"
export {
  Callable,
  callable,
  float,
  type HostFunction,
  HostObject,
} from "./values/types.ts"
export { Markup, PyDecimal, PyFloat, Tuple, Undefined } from "./values/types.ts"
export { Dict, PySet } from "./values/dict.ts"
export { fromHost, toHost } from "./values/host.ts"
export { repr } from "./values/text.ts"
export { iterate } from "./values/iteration.ts"
export { toJson } from "./builtins/json.ts"
