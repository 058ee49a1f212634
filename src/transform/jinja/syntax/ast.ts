/** Every node has the offset of its first token, or of its operator where that says more. */
interface Node {
  readonly at: number
}

export type NameContext = "load" | "store" | "param"

export interface Name extends Node {
  readonly kind: "name"
  readonly name: string
  ctx: NameContext
}

export interface Arguments {
  readonly args: readonly Expression[]
  readonly kwargs: readonly (readonly [name: string, value: Expression])[]
  readonly dynArgs: Expression | undefined
  readonly dynKwargs: Expression | undefined
}

export interface Call extends Node, Arguments {
  readonly kind: "call"
  readonly node: Expression
}

export interface Filter extends Node, Arguments {
  readonly kind: "filter"
  /** Undefined where the filter applies to a block. */
  readonly node: Expression | undefined
  readonly name: string
}

export type BinaryOperator = "+" | "-" | "*" | "/" | "//" | "%" | "**"
export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in"

export interface Tuple extends Node {
  readonly kind: "tuple"
  readonly items: readonly Expression[]
}

export interface NamespaceReference extends Node {
  readonly kind: "nsref"
  readonly name: string
  readonly attribute: string
}

export interface Constant extends Node {
  readonly kind: "const"
  readonly value: unknown
}

export interface Slice extends Node {
  readonly kind: "slice"
  readonly start: Expression | undefined
  readonly stop: Expression | undefined
  readonly step: Expression | undefined
}

export interface Compare extends Node {
  readonly kind: "compare"
  readonly first: Expression
  readonly rest: readonly (readonly [operator: CompareOperator, value: Expression])[]
}

export interface Conditional extends Node {
  readonly kind: "conditional"
  readonly test: Expression
  readonly consequent: Expression
  readonly otherwise: Expression | undefined
}

interface Logical<K> extends Node {
  readonly kind: K
  readonly left: Expression
  readonly right: Expression
}

export type Expression =
  | Constant
  | Name
  | NamespaceReference
  | Tuple
  | (Node & { readonly kind: "list"; readonly items: readonly Expression[] })
  | (Node & { readonly kind: "dict"; readonly items: readonly (readonly [Expression, Expression])[] })
  | (Node & { readonly kind: "attribute"; readonly node: Expression; readonly name: string })
  | (Node & { readonly kind: "item"; readonly node: Expression; readonly key: Expression })
  | Slice
  | Call
  | Filter
  | (Node & Arguments & { readonly kind: "test"; readonly node: Expression; readonly name: string })
  | (Node & {
      readonly kind: "binary"
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    })
  | (Node & { readonly kind: "unary"; readonly operator: "-" | "+"; readonly node: Expression })
  | (Node & { readonly kind: "not"; readonly node: Expression })
  | Logical<"and">
  | Logical<"or">
  | (Node & { readonly kind: "concat"; readonly nodes: readonly Expression[] })
  | Compare
  | Conditional

export interface Data extends Node {
  readonly kind: "data"
  readonly text: string
}

export interface Output extends Node {
  readonly kind: "output"
  readonly nodes: readonly (Data | Expression)[]
}

export interface For extends Node {
  readonly kind: "for"
  readonly target: Expression
  readonly iterable: Expression
  readonly test: Expression | undefined
  readonly recursive: boolean
  readonly body: readonly Statement[]
  readonly otherwise: readonly Statement[]
}

export interface If extends Node {
  readonly kind: "if"
  readonly test: Expression
  readonly body: readonly Statement[]
  readonly elifs: readonly If[]
  readonly otherwise: readonly Statement[]
}

export interface Parameters {
  readonly params: readonly Name[]
  /** Defaults of the last parameters. */
  readonly defaults: readonly Expression[]
  readonly body: readonly Statement[]
}

export type BlockKind = "macro" | "test" | "materialization" | "snapshot" | "docs"

/** A macro, or one of dbt's blocks, which are macros under other names. */
export interface Macro extends Node, Parameters {
  readonly kind: "macro"
  readonly block: BlockKind
  /** As written in the tag. */
  readonly label: string
  /** Materializations only. */
  readonly adapter: string | undefined
  /** The name that it is bound to in its template: dbt prefixes it, so that plain calls go through the context. */
  readonly name: string
  /** The whole block, from its first `{%` to its last `%}`. */
  readonly from: number
  readonly to: number
  /** What is between the two tags. */
  readonly bodyFrom: number
  readonly bodyTo: number
}

export interface CallBlock extends Node, Parameters {
  readonly kind: "callblock"
  readonly call: Call
}

export interface SetBlock extends Node {
  readonly kind: "setblock"
  readonly target: Expression
  readonly filter: Filter | undefined
  readonly body: readonly Statement[]
}

export interface With extends Node {
  readonly kind: "with"
  readonly targets: readonly Expression[]
  readonly values: readonly Expression[]
  readonly body: readonly Statement[]
}

export interface FilterBlock extends Node {
  readonly kind: "filterblock"
  readonly filter: Filter
  readonly body: readonly Statement[]
}

export type Statement =
  | Output
  | For
  | If
  | Macro
  | CallBlock
  | SetBlock
  | With
  | FilterBlock
  | (Node & { readonly kind: "set"; readonly target: Expression; readonly value: Expression })
  | (Node & { readonly kind: "do"; readonly node: Expression })
  | (Node & { readonly kind: "break" })
  | (Node & { readonly kind: "continue" })

/** The node of a kind. */
export type NodeOf<K extends AnyNode["kind"]> = Extract<AnyNode, { kind: K }>

export type AnyNode = Statement | Expression | Data
