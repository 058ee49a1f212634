import type { CallBlock, Macro } from "../syntax/ast.ts"
import { undeclared } from "../syntax/walk.ts"
import type { Block, Emitter } from "./emitter.ts"
import { parameterScope } from "./scopes.ts"

/** `new Macro(…)` for a macro or for the body of a call block. */
export function emitFunction(emitter: Emitter, node: Macro | CallBlock, outer: Block): string {
  const special = specialParameters(emitter, node)
  const explicitCaller = node.params.some((param) => param.name === "caller")
  const added = [...special].filter((name) => name !== "caller" || !explicitCaller)
  const scope = parameterScope(outer.scope, node, added)
  const names = node.params.map((param) => param.name)
  const parameters = [...names, ...added].map((name) => scope.find(name) as string)
  const frame = emitter.frame()
  const buffer = frame.fresh("o")
  const block: Block = { scope, frame, buffer, soft: false, inLoop: false }
  const body =
    emitter.open(buffer) +
    emitter.enter(scope) +
    defaults(emitter, node, block) +
    emitter.all(node.body, block) +
    `return ${emitter.content(buffer)};\n`
  const name = node.kind === "macro" ? JSON.stringify(node.name) : "null"
  const catches = ["kwargs", "varargs", "caller"].map((which) => special.has(which)).join(", ")
  return `new Macro(${frame.wrap(parameters, body, node.at)}, ${name}, ${JSON.stringify(names)}, ${catches}, cx.lenient)`
}

/** Which of caller, kwargs and varargs the body uses without being given them; in the order of the JS parameters. */
function specialParameters(emitter: Emitter, node: Macro | CallBlock): Set<string> {
  const used = undeclared(node.body, ["caller", "kwargs", "varargs"])
  const special = new Set<string>()
  const position = (name: string): number => node.params.findIndex((param) => param.name === name)
  if (used.has("caller")) {
    const at = position("caller")
    if (at >= 0 && at < node.params.length - node.defaults.length) {
      const what = 'the special "caller" argument must be omitted or be given a default.'
      throw emitter.known.fail(`When defining macros or call blocks ${what}`, node.at)
    }
    special.add("caller")
  }
  for (const name of ["kwargs", "varargs"]) if (used.has(name) && position(name) < 0) special.add(name)
  return special
}

/** Fills in the parameters that were not given; a default sees the parameters before it. */
function defaults(emitter: Emitter, node: Macro | CallBlock, block: Block): string {
  const variables = node.params.map((param) => block.scope.find(param.name) as string)
  const firstDefault = node.params.length - node.defaults.length
  let code = ""
  for (const [i, param] of node.params.entries()) {
    const variable = variables[i] as string
    const fallback = node.defaults[i - firstDefault]
    const value =
      fallback === undefined
        ? `notGiven(cx, ${JSON.stringify(param.name)})`
        : emitter.expression(fallback, { ...block, pending: new Set(variables.slice(i)) })
    code += `if (${variable} === undefined) ${variable} = ${value};\n`
  }
  return code
}
