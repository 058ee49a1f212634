import { operate } from "../values/arithmetic.ts"
import { contains, equal, ordered } from "../values/comparison.ts"
import { dictOf } from "../values/dict.ts"
import { tryIterate, tryLength } from "../values/iteration.ts"
import { isLower, isUpper } from "../values/string-methods.ts"
import { isMapping, str, textOf } from "../values/text.ts"
import {
  Callable,
  HostObject,
  isFloat,
  isInt,
  isNumeric,
  Markup,
  PyFloat,
  Range,
  Undefined,
} from "../values/types.ts"
import { type Builtin, define } from "./filter.ts"

const remainder = (value: unknown, divisor: unknown): unknown => operate("%", value, divisor)

function isSequence(value: unknown): boolean {
  if (tryLength(value) === undefined) return false
  if (Array.isArray(value) || textOf(value) !== undefined || dictOf(value) !== undefined) return true
  return (
    value instanceof Undefined ||
    value instanceof Range ||
    (value instanceof HostObject && value.item !== undefined)
  )
}

function isCallable(value: unknown): boolean {
  return (
    value instanceof Callable ||
    value instanceof Undefined ||
    (value instanceof HostObject && value.call !== undefined)
  )
}

function isSame(value: unknown, other: unknown): boolean {
  if (value instanceof PyFloat && other instanceof PyFloat) return Object.is(value.value, other.value)
  return value === other
}

/** A test of the value alone. */
const alone = (name: string, body: (value: unknown) => unknown): [string, Builtin] =>
  define(name, "", (_, value) => body(value))

/** A comparison under several names. */
const compared = (names: string, body: (value: unknown, other: unknown) => unknown): [string, Builtin][] =>
  names.split(" ").map((name) => define(name, "other", (_, value, other) => body(value, other)))

export const TESTS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  alone("defined", (value) => !(value instanceof Undefined)),
  alone("undefined", (value) => value instanceof Undefined),
  alone("none", (value) => value === null),
  alone("boolean", (value) => typeof value === "boolean"),
  alone("true", (value) => value === true),
  alone("false", (value) => value === false),
  alone("integer", isInt),
  alone("float", isFloat),
  alone("number", isNumeric),
  alone("string", (value) => textOf(value) !== undefined),
  alone("mapping", isMapping),
  alone("iterable", (value) => tryIterate(value) !== undefined),
  alone("sequence", isSequence),
  alone("callable", isCallable),
  alone("escaped", (value) => value instanceof Markup),
  alone("lower", (value) => isLower(str(value))),
  alone("upper", (value) => isUpper(str(value))),
  alone("odd", (value) => equal(remainder(value, 2), 1)),
  alone("even", (value) => equal(remainder(value, 2), 0)),
  define("divisibleby", "num", (_, value, divisor) => equal(remainder(value, divisor), 0)),
  define("sameas", "other", (_, value, other) => isSame(value, other)),
  define("in", "seq", (_, value, container) => contains(container, value)),
  define("filter", "", (context, value) => context.hasFilter(str(value))),
  define("test", "", (context, value) => context.hasTest(str(value))),
  ...compared("== eq equalto", equal),
  ...compared("!= ne", (value, other) => !equal(value, other)),
  ...compared("> gt greaterthan", (value, other) => ordered(">", value, other)),
  ...compared(">= ge", (value, other) => ordered(">=", value, other)),
  ...compared("< lt lessthan", (value, other) => ordered("<", value, other)),
  ...compared("<= le", (value, other) => ordered("<=", value, other)),
])
