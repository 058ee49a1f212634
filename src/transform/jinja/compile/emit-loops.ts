import type { Expression, For } from "../syntax/ast.ts"
import { storeOf, undeclared } from "../syntax/walk.ts"
import type { Block, Emitter } from "./emitter.ts"
import { loopScope, Scope } from "./scopes.ts"

export function emitFor(emitter: Emitter, node: For, outer: Block): string {
  const stored = storeOf(node, "loop")
  if (stored !== undefined) {
    throw emitter.known.fail("Can't assign to special loop variable in for-loop target", stored)
  }
  const iterable = emitter.expression(node.iterable, outer)
  if (!node.recursive) {
    const extended = undeclared(node.body, ["loop"]).has("loop")
    return emitLoop(emitter, node, { ...outer, soft: false }, iterable, extended ? "undefined, 0" : undefined)
  }
  const frame = emitter.frame()
  const buffer = frame.fresh("o")
  const inner: Block = { ...outer, frame, buffer, soft: false }
  const name = frame.fresh("loop")
  const body =
    emitter.open(buffer) +
    emitLoop(emitter, node, inner, "items", `${name}, depth`) +
    `return ${emitter.content(buffer)};\n`
  return (
    `const ${name} = ${frame.wrap(["items", "depth"], body, node.at)};\n` +
    emitter.append(outer.buffer, outer.frame.awaited(`${name}(${iterable}, 0)`))
  )
}

/**
 * @param recursion the function that renders the loop again and its depth, as arguments of LoopContext; undefined for
 *   a loop that does not use `loop`
 */
function emitLoop(
  emitter: Emitter,
  node: For,
  block: Block,
  iterable: string,
  recursion: string | undefined,
): string {
  const { frame } = block
  const scope = new Scope(block.scope)
  const loopVariable = recursion === undefined ? undefined : scope.declare("loop")
  loopScope(scope, node, "body")
  const at = `p = ${node.iterable.at}`
  const item = frame.fresh("i")
  const test = node.test === undefined ? "" : loopTest(emitter, node, node.test, block, scope, item)
  let code = ""
  let source = `iterate(${iterable}, ${at})`
  if (recursion !== undefined) {
    let items = iterable
    if (test !== "") {
      items = frame.fresh("f")
      code += `const ${items} = [];\nfor (const ${item} of ${source}) {\n${test}${items}.push(${item});\n}\n`
    }
    const context = frame.fresh("l")
    code += `const ${context} = new LoopContext(${items}, ${recursion}, cx.lenient, ${at});\n`
    source = context
  }
  const ran = node.otherwise.length > 0 ? frame.fresh("r") : undefined
  if (ran !== undefined) code += `let ${ran} = false;\n`
  code += `for (const ${item} of ${source}) {\n`
  if (recursion === undefined) code += test
  code += emitter.bind(node.target, item, block, scope)
  if (loopVariable !== undefined) code += `let ${loopVariable} = ${source};\n`
  code += emitter.enter(scope)
  code += emitter.all(node.body, { ...block, scope, inLoop: true })
  // As in Jinja an iteration that `break` or `continue` cuts short does not count.
  code += ran === undefined ? "}\n" : `${ran} = true;\n}\n${loopElse(emitter, node, block, ran)}`
  return `{\n${code}}\n`
}

function loopElse(emitter: Emitter, node: For, block: Block, ran: string): string {
  const scope = new Scope(block.scope)
  loopScope(scope, node, "else")
  const body = emitter.enter(scope) + emitter.all(node.otherwise, { ...block, scope })
  return `if (!${ran}) {\n${body}}\n`
}

/** Skips the items for which the test of the loop does not hold. */
function loopTest(
  emitter: Emitter,
  node: For,
  test: Expression,
  block: Block,
  loop: Scope,
  item: string,
): string {
  const scope = new Scope(block.scope)
  loopScope(scope, node, "test")
  const holds = emitter.expression(test, { ...block, scope, soft: false })
  const targets = emitter.bind(node.target, item, block, loop)
  return `{\n${targets}${emitter.enter(scope)}if (!truthy(${holds})) continue;\n}\n`
}
