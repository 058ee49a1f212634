import { pythonStr } from "../values.ts"
import type { Callable } from "../jinja/index.ts"
import type { Dict } from "../nodes.ts"
import { asDict } from "../yaml/yaml.ts"
import type { NodeContext } from "./context.ts"
import { lookupOf, renderNative } from "./render.ts"

const CALL = /^\s*(?:env_var|ref|var|source|doc)\s*\(.+\)\s*$/s
/** A call of `ref` or `source` with plain names. */
const REFERENCE = /^\s*(ref|source)\(\s*(["'])([^"'\\]*)\2(?:\s*,\s*(["'])([^"'\\]*)\4)?\s*\)\s*$/
const TESTED = /^\{\{ get_where_subquery\((.*)\) \}\}$/s

/** The keyword arguments of a generic test: text that is a call of `ref` and the like, or Jinja, becomes its value. */
export async function testArguments(context: NodeContext): Promise<Dict> {
  const kwargs = context.node?.test_metadata?.kwargs ?? {}
  const result: Dict = {}
  for (const [key, value] of Object.entries(kwargs)) {
    result[key] = key === "column_name" ? value : await convert(context, value)
  }
  return result
}

async function convert(context: NodeContext, value: unknown): Promise<unknown> {
  if (typeof value === "string") return convertText(context, value)
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const item of value) items.push(await convert(context, item))
    return items
  }
  const dict = asDict(value)
  if (dict === undefined) return value
  const result: Dict = {}
  for (const [key, item] of Object.entries(dict)) result[key] = await convert(context, item)
  return result
}

/** Nearly all arguments are a plain reference: those are answered without a template. */
async function convertText(context: NodeContext, text: string): Promise<unknown> {
  const tested = TESTED.exec(text)?.[1]
  const reference = REFERENCE.exec(tested ?? text)
  if (
    reference !== null &&
    (tested === undefined || !context.invocation.macros.isOverridden("get_where_subquery"))
  ) {
    const [, name = "", , first, , second] = reference
    const call = lookupOf(context).resolve(name) as Callable
    const relation = await call.invoke(second === undefined ? [first] : [first, second], {})
    if (tested === undefined) return relation
    context.captured?.macros.add("macro.dbt.get_where_subquery")
    const where = context.node?.config["where"]
    return where === undefined || where === null || where === ""
      ? relation
      : `(select * from ${pythonStr(relation)} where ${pythonStr(where)}) dbt_subquery`
  }
  const template = CALL.test(text) ? `{{ ${text} }}` : text
  if (!/\{[{%#]/.test(template)) return template
  const macros = context.captured?.macros
  const before = new Set(macros)
  const value = await renderNative(context, template, context.node?.original_file_path ?? "")
  // dbt does not count macros that arguments call among those that the test depends on.
  for (const macro of macros ?? []) {
    if (!before.has(macro) && macro !== "macro.dbt.get_where_subquery") macros?.delete(macro)
  }
  return value
}
