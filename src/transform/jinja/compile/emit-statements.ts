import type { Expression, NodeOf, Statement } from "../syntax/ast.ts"
import type { Site } from "./emit-expressions.ts"
import { emitFor } from "./emit-loops.ts"
import { emitFunction } from "./emit-macros.ts"
import type { Block, Emitter } from "./emitter.ts"
import { blockScope } from "./scopes.ts"

/** The JS of each kind of statement. */
export const STATEMENTS: {
  [K in Statement["kind"]]: (emitter: Emitter, node: NodeOf<K>, block: Block) => string
} = {
  output: (emitter, node, block) =>
    (emitter.fold === undefined ? textOutput : nativeOutput)(emitter, node, block),
  if: emitIf,
  for: emitFor,
  set: (emitter, node, block) => {
    const value = emitter.expression(node.value, block)
    return namespaceChecks(node.target, block) + emitter.assign(node.target, value, block)
  },
  setblock: (emitter, node, block) => {
    const scope = blockScope(block.scope, node)
    const [code, buffer] = emitter.captured(node.body, scope, block)
    const content = emitter.content(buffer)
    const site = { ...block, scope, soft: false }
    const value = node.filter === undefined ? content : filterChain(emitter, node.filter, content, site)
    return `{\n${code}${emitter.assign(node.target, value, block)}}\n`
  },
  with: (emitter, node, block) => {
    const scope = blockScope(block.scope, node)
    let code = ""
    for (const [i, target] of node.targets.entries()) {
      const value = node.values[i]
      if (value !== undefined) code += emitter.bind(target, emitter.expression(value, block), block, scope)
    }
    return `{\n${code}${emitter.enter(scope)}${emitter.all(node.body, { ...block, scope, soft: false })}}\n`
  },
  filterblock: (emitter, node, block) => {
    const scope = blockScope(block.scope, node)
    const [code, buffer] = emitter.captured(node.body, scope, block)
    const site = { ...block, scope, soft: false }
    const value = filterChain(emitter, node.filter, emitter.content(buffer), site)
    return `{\n${code}${emitter.appendRaw(block.buffer, value, node.at)}}\n`
  },
  macro: (emitter, node, block) =>
    `${block.scope.find(node.name)} = ${emitFunction(emitter, node, block)};\n`,
  callblock: (emitter, node, block) => {
    const { call } = node
    const caller = emitFunction(emitter, node, block)
    const target = emitter.expression(call.node, block)
    const args = emitter.expressions.arguments(call, block, caller)
    const value = block.frame.awaited(`call(${target}, ${args}, p = ${call.at})`)
    return emitter.appendRaw(block.buffer, value, call.at)
  },
  do: (emitter, node, block) => `${emitter.expression(node.node, block)};\n`,
  break: leaveIteration,
  continue: leaveIteration,
}

function leaveIteration(emitter: Emitter, node: NodeOf<"break"> | NodeOf<"continue">, block: Block): string {
  if (!block.inLoop) throw emitter.known.fail(`'${node.kind}' outside loop`, node.at)
  return `${node.kind};\n`
}

function textOutput(emitter: Emitter, node: NodeOf<"output">, block: Block): string {
  if (node.nodes.length === 0) return ""
  const parts = node.nodes.map((child) =>
    child.kind === "data" ? JSON.stringify(child.text) : `str(${emitter.expression(child, block)})`,
  )
  return emitter.append(block.buffer, parts.join(" + "))
}

/** Every value is an item of its own; neighbouring text and constants are one. */
function nativeOutput(emitter: Emitter, node: NodeOf<"output">, block: Block): string {
  let code = ""
  let run: string | undefined
  const flush = (): void => {
    if (run !== undefined) code += emitter.append(block.buffer, JSON.stringify(run))
    run = undefined
  }
  for (const child of node.nodes) {
    if (child.kind === "data") {
      run = (run ?? "") + child.text
      continue
    }
    const folded = emitter.fold?.(child)
    if (folded === undefined) {
      flush()
      code += emitter.append(block.buffer, emitter.expression(child, block))
    } else run = (run ?? "") + folded.text
  }
  flush()
  return code
}

function emitIf(emitter: Emitter, node: NodeOf<"if">, block: Block): string {
  const soft: Block = { ...block, soft: true }
  let code = ""
  for (const branch of [node, ...node.elifs]) {
    code += `${branch === node ? "" : " else "}if (truthy(${emitter.expression(branch.test, soft)})) {\n`
    code += `${emitter.all(branch.body, soft)}}`
  }
  if (node.otherwise.length > 0) code += ` else {\n${emitter.all(node.otherwise, soft)}}`
  return `${code}\n`
}

/** Jinja checks before the value is evaluated that `ns` in `set ns.x` is a namespace. */
function namespaceChecks(target: Expression, site: Site): string {
  if (target.kind === "nsref") return `namespaceOnly(${site.scope.find(target.name)}, p = ${target.at});\n`
  if (target.kind !== "tuple") return ""
  return target.items.map((item) => namespaceChecks(item, site)).join("")
}

/** Filters on a block: the innermost gets the content. */
function filterChain(emitter: Emitter, node: NodeOf<"filter">, content: string, site: Site): string {
  const value = node.node?.kind === "filter" ? filterChain(emitter, node.node, content, site) : content
  return emitter.expressions.filter(node.name, value, node, node.at, site)
}
