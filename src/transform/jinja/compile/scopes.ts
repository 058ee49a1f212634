import type {
  AnyNode,
  CallBlock,
  Expression,
  FilterBlock,
  For,
  Macro,
  NodeOf,
  SetBlock,
  Statement,
  With,
} from "../syntax/ast.ts"
import { eachChild } from "../syntax/walk.ts"

/** How a variable of a scope gets its first value. */
export type Load =
  | { kind: "param" }
  | { kind: "resolve"; name: string }
  | { kind: "alias"; variable: string }
  | { kind: "missing" }

/**
 * The names of one scope. Jinja decides at compile time where each name lives: a name that is only read comes from the
 * nearest enclosing scope that knows it, else from the context; a name that is set anywhere in a scope is that scope's
 * own, and starts with the outer value if there is one. A name set in some branches of an `if` starts with what the
 * context has.
 */
export class Scope {
  readonly parent: Scope | undefined
  readonly level: number
  readonly #variables = new Map<string, string>()
  readonly #stores = new Set<string>()
  /** First values by variable, in the order in which the names were seen. */
  readonly loads = new Map<string, Load>()

  constructor(parent: Scope | undefined, level = parent === undefined ? 0 : parent.level + 1) {
    this.parent = parent
    this.level = level
  }

  /** The JS variable of a name, if this scope or an outer one has it. */
  find(name: string): string | undefined {
    return this.#variables.get(name) ?? this.parent?.find(name)
  }

  loadOf(variable: string): Load | undefined {
    return this.loads.get(variable) ?? this.parent?.loadOf(variable)
  }

  declare(name: string): string {
    this.#stores.add(name)
    return this.#define(name, { kind: "param" })
  }

  store(name: string): void {
    this.#stores.add(name)
    if (this.#variables.has(name)) return
    const outer = this.parent?.find(name)
    this.#define(name, outer === undefined ? { kind: "missing" } : { kind: "alias", variable: outer })
  }

  load(name: string): void {
    if (this.find(name) === undefined) this.#define(name, { kind: "resolve", name })
  }

  #define(name: string, load: Load): string {
    const variable = `v${this.level}_${name}`
    this.#variables.set(name, variable)
    this.loads.set(variable, load)
    return variable
  }

  /** A scope to look at one branch of an `if` with. */
  branch(): Scope {
    const copy = new Scope(this.parent, this.level)
    copy.#take(this)
    return copy
  }

  #take(other: Scope): void {
    for (const [name, variable] of other.#variables) this.#variables.set(name, variable)
    for (const [variable, load] of other.loads) this.loads.set(variable, load)
    for (const name of other.#stores) this.#stores.add(name)
  }

  /** Takes over what the branches of an `if` have set. */
  merge(branches: readonly Scope[]): void {
    const before = new Set(this.#stores)
    for (const branch of branches) this.#take(branch)
    for (const name of this.#stores) {
      if (before.has(name)) continue
      const variable = this.#variables.get(name) ?? `v${this.level}_${name}`
      const outer = this.parent?.find(name)
      this.loads.set(
        variable,
        outer === undefined ? { kind: "resolve", name } : { kind: "alias", variable: outer },
      )
    }
  }
}

export function templateScope(body: readonly Statement[]): Scope {
  const scope = new Scope(undefined)
  visitAll(scope, body)
  return scope
}

/**
 * The scope of a macro or of the body of a call block.
 * @param special those of `caller`, `kwargs` and `varargs` that it gets in addition to its parameters
 */
export function parameterScope(parent: Scope, node: Macro | CallBlock, special: readonly string[]): Scope {
  const scope = new Scope(parent)
  for (const param of node.params) scope.declare(param.name)
  for (const name of special) scope.declare(name)
  visitAll(scope, node.defaults)
  visitAll(scope, node.body)
  return scope
}

export function loopScope(scope: Scope, node: For, part: "body" | "else" | "test"): void {
  if (part !== "else") visitTargets(scope, node.target)
  if (part === "test") {
    if (node.test !== undefined) visit(scope, node.test)
  } else visitAll(scope, part === "body" ? node.body : node.otherwise)
}

export function blockScope(parent: Scope, node: SetBlock | With | FilterBlock): Scope {
  const scope = new Scope(parent)
  if (node.kind === "with") for (const target of node.targets) visitTargets(scope, target)
  visitAll(scope, node.body)
  // Jinja leaves out the filter of a set block: new names in its arguments cannot be resolved.
  if (node.kind === "filterblock") visit(scope, node.filter)
  return scope
}

function visitTargets(scope: Scope, target: Expression): void {
  if (target.kind === "name") scope.declare(target.name)
  else if (target.kind === "tuple") for (const item of target.items) visitTargets(scope, item)
}

function visitAll(scope: Scope, nodes: readonly AnyNode[]): void {
  for (const node of nodes) visit(scope, node)
}

/** What a statement means for the scope that it stands in; nodes without an entry pass on to their children. */
const VISITS: { [K in AnyNode["kind"]]?: (scope: Scope, node: NodeOf<K>) => void } = {
  name: (scope, node) => {
    if (node.ctx === "store") scope.store(node.name)
    else if (node.ctx === "param") scope.declare(node.name)
    else scope.load(node.name)
  },
  nsref: (scope, node) => scope.load(node.name),
  if: visitIf,
  macro: (scope, node) => scope.store(node.name),
  for: (scope, node) => visit(scope, node.iterable),
  callblock: (scope, node) => visit(scope, node.call),
  filterblock: (scope, node) => visit(scope, node.filter),
  with: (scope, node) => visitAll(scope, node.values),
  set: (scope, node) => {
    visit(scope, node.value)
    visit(scope, node.target)
  },
  setblock: (scope, node) => visit(scope, node.target),
}

/** Notes the names that a node reads and sets in its own scope; it does not look into the scopes inside. */
function visit(scope: Scope, node: AnyNode): void {
  const own = VISITS[node.kind] as ((scope: Scope, node: AnyNode) => void) | undefined
  if (own === undefined) eachChild(node, (child) => visit(scope, child))
  else own(scope, node)
}

function visitIf(scope: Scope, node: NodeOf<"if">): void {
  visit(scope, node.test)
  const branches = [node.body, node.elifs, node.otherwise].map((nodes) => {
    const branch = scope.branch()
    visitAll(branch, nodes)
    return branch
  })
  scope.merge(branches)
}
