import type { BlockKind, Expression, Name } from "./ast.ts"
import type { ExpressionParser } from "./expressions.ts"
import type { TokenStream } from "./token-stream.ts"

interface Signature {
  readonly params: readonly Name[]
  /** Of the last parameters. */
  readonly defaults: readonly Expression[]
}

export const NO_PARAMETERS: Signature = { params: [], defaults: [] }

/** dbt allows a type after each parameter: `name: list[str]`. */
export function parseSignature(expressions: ExpressionParser): Signature {
  const { stream } = expressions
  const params: Name[] = []
  const defaults: Expression[] = []
  stream.expect("(")
  while (!stream.is(")")) {
    if (params.length > 0) stream.expect(",")
    const { text, at } = stream.expectName()
    if (stream.skip(":")) skipType(stream)
    if (stream.skip("=")) defaults.push(expressions.expression())
    else if (defaults.length > 0) throw stream.fail("non-default argument follows default argument")
    if (params.some((param) => param.name === text)) {
      throw stream.fail(`duplicate argument '${text}' in function definition`, at)
    }
    params.push({ kind: "name", name: text, ctx: "param", at })
  }
  stream.expect(")")
  return { params, defaults }
}

function skipType(stream: TokenStream): void {
  stream.expectName()
  if (!stream.skip("[")) return
  for (let first = true; !stream.is("]"); first = false) {
    if (!first) stream.expect(",")
    skipType(stream)
  }
  stream.expect("]")
}

/** What follows the name of a materialization: its adapter and its languages, which are its only parameter. */
export function parseMaterialization(
  expressions: ExpressionParser,
  label: string,
): [adapter: string, signature: Signature] {
  const { stream } = expressions
  let adapter = "default"
  const { at } = stream.current
  let languages: Expression = { kind: "list", items: [{ kind: "const", value: "sql", at }], at }
  while (stream.skip(",")) {
    const option = stream.expectName()
    if (option.text === "default") continue
    if (option.text !== "adapter" && option.text !== "supported_languages") {
      const what = `materialization '${label}' received unknown argument '${option.text}'.`
      throw stream.fail(what, option.at)
    }
    stream.expect("=")
    const value = expressions.expression()
    if (option.text === "supported_languages") languages = value
    else if (value.kind === "const" && typeof value.value === "string") adapter = value.value
    else throw stream.fail("the adapter of a materialization must be a string", option.at)
  }
  const params: Name[] = [{ kind: "name", name: "supported_languages", ctx: "param", at }]
  return [adapter, { params, defaults: [languages] }]
}

/** The names under which dbt binds its blocks. */
export function boundName(block: BlockKind, label: string, adapter: string | undefined): string {
  if (block === "docs") return `dbt_docs__${label}`
  return `dbt_macro__${blockName(block, label, adapter)}`
}

/** A block's name in dbt's manifest. */
export function blockName(block: BlockKind, label: string, adapter: string | undefined): string {
  if (block === "test") return `test_${label}`
  return block === "materialization" ? `materialization_${label}_${adapter ?? "default"}` : label
}
