import type { NodeContext } from "../context/context.ts"
import { compileMacro, lookupOf } from "../context/render.ts"
import type { BlockDefinition } from "../jinja/index.ts"
import type { ProjectMacro } from "./entry.ts"

const compiled = new WeakMap<ProjectMacro, BlockDefinition>()

/** Calls a macro of the project in a node's context. */
export function projectMacro(
  context: NodeContext,
  macro: ProjectMacro,
  args: unknown[],
  kwargs: Record<string, unknown>,
): unknown {
  let block = compiled.get(macro)
  if (block === undefined) {
    const template = compileMacro(macro.definition.text, macro.absolute, macro.definition.line)
    block = template.blocks[0]
    if (block === undefined) throw new Error(`no macro in ${macro.absolute}:${macro.definition.line}`)
    compiled.set(macro, block)
  }
  return block.bind(lookupOf(context)).invoke(args, kwargs)
}
