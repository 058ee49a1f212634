import type { BinaryOperator, CompareOperator, Expression } from "./ast.ts"
import { PostfixParser } from "./postfix.ts"

// How tightly operators bind, loosest first.
const OR = 1
const AND = 2
const NOT = 3
const COMPARE = 4
const SUM = 5
const CONCAT = 6
const PRODUCT = 7
const POWER = 8

const BINDING: ReadonlyMap<string, number> = new Map([
  ...["==", "!=", "<", "<=", ">", ">="].map((text) => [text, COMPARE] as const),
  ...["+", "-"].map((text) => [text, SUM] as const),
  ["~", CONCAT],
  ...["*", "/", "//", "%"].map((text) => [text, PRODUCT] as const),
  ["**", POWER],
])

/** Reads expressions by Jinja's precedence: inline if, or, and, not, comparison, + -, ~, * / // %, **, unary. */
export class ExpressionParser extends PostfixParser {
  expression(): Expression {
    const { stream } = this
    let { at } = stream.current
    let left = this.operand(OR)
    while (stream.isName("if")) {
      stream.next()
      const test = this.operand(OR)
      const otherwise = stream.skipName("else") ? this.expression() : undefined
      left = { kind: "conditional", test, consequent: left, otherwise, at }
      at = stream.current.at
    }
    return left
  }

  simpleExpression(): Expression {
    return this.operand(OR)
  }

  /** An expression without inline if, of operators that bind at least so tightly. */
  operand(minimum: number): Expression {
    const { stream } = this
    let left: Expression
    if (minimum <= NOT && stream.isName("not")) {
      const { at } = stream.next()
      left = { kind: "not", node: this.operand(NOT), at }
    } else left = this.#unary(true)
    for (;;) {
      const binding = this.#binding()
      if (binding < minimum) return left
      left = this.#operation(left, binding)
    }
  }

  /** How tightly the operator that is the current token binds; 0 = it is none. */
  #binding(): number {
    const { current } = this.stream
    if (current.type !== "name") return BINDING.get(current.type) ?? 0
    switch (current.text) {
      case "or":
        return OR
      case "and":
        return AND
      case "in":
        return COMPARE
      case "not":
        return this.stream.ahead.type === "name" && this.stream.ahead.text === "in" ? COMPARE : 0
      default:
        return 0
    }
  }

  #operation(left: Expression, binding: number): Expression {
    const { stream } = this
    if (binding === COMPARE) return this.#comparison(left)
    const { type, text, at } = stream.next()
    const right = this.operand(binding + 1)
    if (binding === OR || binding === AND) return { kind: text as "or" | "and", left, right, at }
    if (type !== "~") return { kind: "binary", operator: type as BinaryOperator, left, right, at }
    const nodes = [left, right]
    while (stream.skip("~")) nodes.push(this.operand(CONCAT + 1))
    return { kind: "concat", nodes, at }
  }

  #comparison(first: Expression): Expression {
    const { at } = this.stream.current
    const rest: [CompareOperator, Expression][] = []
    while (this.#binding() === COMPARE) {
      const { type, text } = this.stream.next()
      let operator = type as CompareOperator
      if (type === "name") {
        operator = text === "not" ? "not in" : "in"
        if (text === "not") this.stream.next()
      }
      rest.push([operator, this.operand(COMPARE + 1)])
    }
    return { kind: "compare", first, rest, at }
  }

  #unary(withFilter: boolean): Expression {
    const { stream } = this
    const { type } = stream.current
    let node: Expression
    if (type === "-" || type === "+") {
      const { at } = stream.next()
      node = { kind: "unary", operator: type, node: this.#unary(false), at }
    } else node = this.primary()
    node = this.postfix(node)
    return withFilter ? this.filters(node) : node
  }
}
