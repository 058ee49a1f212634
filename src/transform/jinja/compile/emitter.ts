import type { Expression, Macro, Statement } from "../syntax/ast.ts"
import { ExpressionEmitter, type KnownNames, type Site } from "./emit-expressions.ts"
import { STATEMENTS } from "./emit-statements.ts"
import { FunctionFrame } from "./function-frame.ts"
import { type Scope, templateScope } from "./scopes.ts"

/** A place for statements: an expression's site, with the buffer that output goes to. */
export interface Block extends Site {
  buffer: string
  inLoop: boolean
}

/** Tries to evaluate an expression at compile time; undefined = it is not constant. */
export type ConstantFolder = (node: Expression) => { text: string } | undefined

/**
 * Emits the JS of a template. In text mode a buffer is a string; in native mode it is an array of what was printed,
 * where a run of text and constants is one string. Statements are emitted by the functions of the other emit files.
 */
export class Emitter {
  readonly expressions: ExpressionEmitter
  readonly known: KnownNames
  /** Given in native mode. */
  readonly fold: ConstantFolder | undefined
  readonly #counter = { next: 0 }

  constructor(known: KnownNames, fold?: ConstantFolder) {
    this.known = known
    this.fold = fold
    this.expressions = new ExpressionEmitter(known)
  }

  /** `function (cx)` that renders a template and returns its buffer. */
  template(body: readonly Statement[]): string {
    return this.#root(body, (buffer) => `return ${buffer};\n`)
  }

  /** `function (cx)` that makes the macro of a block which stands alone, and returns it. */
  macro(node: Macro): string {
    return this.#root([node], (_buffer, scope) => `return ${scope.find(node.name)};\n`)
  }

  #root(body: readonly Statement[], end: (buffer: string, scope: Scope) => string): string {
    const frame = this.frame()
    const scope = templateScope(body)
    const block: Block = { scope, frame, soft: false, buffer: frame.fresh("o"), inLoop: false }
    const code =
      this.open(block.buffer) + this.enter(scope) + this.all(body, block) + end(block.buffer, scope)
    return frame.wrap(["cx"], code, 0)
  }

  /** A new function within the template. */
  frame(): FunctionFrame {
    return new FunctionFrame(this.#counter)
  }

  all(body: readonly Statement[], block: Block): string {
    let code = ""
    for (const statement of body) {
      const emit = STATEMENTS[statement.kind] as (emitter: Emitter, node: Statement, block: Block) => string
      code += emit(this, statement, block)
    }
    return code
  }

  expression(node: Expression, site: Site): string {
    return this.expressions.expression(node, site)
  }

  open(buffer: string): string {
    return `let ${buffer} = ${this.fold === undefined ? '""' : "[]"};\n`
  }

  /** The content of an inner buffer. */
  content(buffer: string): string {
    return this.fold === undefined ? buffer : `concat(${buffer})`
  }

  append(buffer: string, value: string): string {
    return this.fold === undefined ? `${buffer} += ${value};\n` : `${buffer}.push(${value});\n`
  }

  /** Output of a call or filter block, which Jinja does not turn into text. */
  appendRaw(buffer: string, value: string, at: number): string {
    return this.append(buffer, this.fold === undefined ? `text(${value}, p = ${at})` : value)
  }

  /** Declares the variables of a scope with their first values. */
  enter(scope: Scope): string {
    let code = ""
    for (const [variable, load] of scope.loads) {
      if (load.kind === "param") continue
      if (load.kind === "resolve") code += `let ${variable} = cx.resolve(${JSON.stringify(load.name)});\n`
      else if (load.kind === "alias") code += `let ${variable} = ${load.variable};\n`
      else code += `let ${variable};\n`
    }
    return code
  }

  /** Renders a body into a buffer of its own. */
  captured(body: readonly Statement[], scope: Scope, block: Block): [code: string, buffer: string] {
    const buffer = block.frame.fresh("o")
    const inner: Block = { ...block, scope, buffer, soft: false }
    return [this.open(buffer) + this.enter(scope) + this.all(body, inner), buffer]
  }

  /** Declares the targets of a loop or `with` and gives them the parts of a value. */
  bind(target: Expression, value: string, site: Site, scope: Scope): string {
    if (target.kind === "name") return `let ${scope.find(target.name)} = ${value};\n`
    if (target.kind !== "tuple") throw this.known.fail(`can't assign to '${target.kind}'`, target.at)
    const parts = site.frame.fresh("u")
    let code = `const ${parts} = unpack(${value}, ${target.items.length}, p = ${target.at});\n`
    for (const [i, part] of target.items.entries()) code += this.bind(part, `${parts}[${i}]`, site, scope)
    return code
  }

  /** Gives the targets of a `set` the parts of a value. */
  assign(target: Expression, value: string, site: Site): string {
    if (target.kind === "name") return `${site.scope.find(target.name)} = ${value};\n`
    if (target.kind === "nsref") {
      return `assign(${site.scope.find(target.name)}, ${JSON.stringify(target.attribute)}, ${value});\n`
    }
    if (target.kind !== "tuple") throw this.known.fail(`can't assign to '${target.kind}'`, target.at)
    const parts = site.frame.temporary()
    let code = `${parts} = unpack(${value}, ${target.items.length}, p = ${target.at});\n`
    for (const [i, part] of target.items.entries()) code += this.assign(part, `${parts}[${i}]`, site)
    return code
  }
}
