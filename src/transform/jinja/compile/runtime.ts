import { PythonError } from "../errors.ts"
import { add, operate, unary } from "../values/arithmetic.ts"
import { getAttribute, getItem, getSlice } from "../values/attributes.ts"
import { contains, equal, type OrderOperator, ordered } from "../values/comparison.ts"
import { Dict } from "../values/dict.ts"
import { iterate, truthy, unpack } from "../values/iteration.ts"
import { str, textOf } from "../values/text.ts"
import { typeName } from "../values/type-names.ts"
import {
  Callable,
  HostObject,
  Markup,
  Namespace,
  PyFloat,
  Tuple,
  Undefined,
  type Kwargs,
} from "../values/types.ts"
import { undefinedFailure } from "../values/undefined.ts"
import { merge, NO_KWARGS, spread } from "./arguments.ts"
import { LoopContext } from "./loop-context.ts"
import { Macro } from "./macro.ts"
import type { RenderContext } from "./render-context.ts"

function call(target: unknown, args: unknown[], kwargs: Kwargs): unknown {
  if (target instanceof Callable) {
    const result = target.invoke(args, kwargs)
    return result === undefined ? null : result
  }
  if (target instanceof HostObject && target.call !== undefined) {
    const result = target.call(args, kwargs)
    return result === undefined ? null : result
  }
  if (target instanceof Undefined) {
    if (target.lenient) return target
    throw undefinedFailure(target)
  }
  throw new PythonError("TypeError", `'${typeName(target)}' object is not callable`)
}

function namespaceOnly(value: unknown): void {
  if (value instanceof Namespace) return
  throw new PythonError("RuntimeError", "cannot assign attribute on non-namespace object")
}

/** What goes to the output as it is has to be a string. */
function text(value: unknown): string {
  const found = textOf(value)
  if (found !== undefined) return found
  throw new PythonError("TypeError", `sequence item 0: expected str instance, ${typeName(value)} found`)
}

/** What generated code uses; see emit-expressions.ts and emit-statements.ts. */
export const RUNTIME = {
  str,
  truthy,
  add,
  operate,
  unary,
  eq: equal,
  ne: (a: unknown, b: unknown): boolean => !equal(a, b),
  inside: (item: unknown, container: unknown): boolean => contains(container, item),
  outside: (item: unknown, container: unknown): boolean => !contains(container, item),
  order: (operator: OrderOperator, a: unknown, b: unknown): boolean => ordered(operator, a, b),
  getattr: (cx: RenderContext, object: unknown, name: string): unknown =>
    getAttribute(object, name, cx.lenient),
  getitem: (cx: RenderContext, object: unknown, key: unknown): unknown => getItem(object, key, cx.lenient),
  slice: getSlice,
  call,
  spread,
  merge,
  NO_KWARGS,
  filter: (cx: RenderContext, name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown =>
    cx.applyFilter(name, value, args, kwargs),
  test: (cx: RenderContext, name: string, value: unknown, args: unknown[], kwargs: Kwargs): unknown =>
    cx.applyTest(name, value, args, kwargs),
  missing: (cx: RenderContext, name: string): Undefined => new Undefined({ name, lenient: cx.lenient }),
  notGiven: (cx: RenderContext, name: string): Undefined =>
    new Undefined({ hint: `parameter '${name}' was not provided`, name, lenient: cx.lenient }),
  noElse: (line: number): Undefined =>
    new Undefined({
      hint: `the inline if-expression on line ${line} evaluated to false and no else section was defined.`,
    }),
  dict: (entries: [unknown, unknown][]): Dict => Dict.fromEntries(entries),
  iterate,
  unpack,
  assign: (namespace: Namespace, name: string, value: unknown): void =>
    void namespace.attributes.set(name, value),
  namespaceOnly,
  text,
  concat: (parts: unknown[]): string => parts.map(text).join(""),
  LoopContext,
  Macro,
  Markup,
  PyFloat,
  Tuple,
}

const NAMES = Object.keys(RUNTIME).join(", ")
const VALUES = Object.values(RUNTIME)

/** Makes the function of which the source is `function (cx) {…}`. */
export function instantiate(source: string): (cx: RenderContext) => unknown {
  // The source is made of literals and of names that the lexer has checked; nothing of a template is in it as code.
  // In parentheses, V8 compiles a function at once; else it reads it twice, since it waits for the first call.
  // oxlint-disable-next-line typescript/no-implied-eval
  const factory = new Function(NAMES, `"use strict";\nreturn (${source});`)
  return factory(...VALUES) as (cx: RenderContext) => unknown
}
