import { isPlainObject, PySet } from "./dict.ts"
import {
  Callable,
  DictView,
  HostObject,
  isFloat,
  Markup,
  Namespace,
  NativeMarker,
  OneShot,
  PyFloat,
  Range,
  Tuple,
  Undefined,
} from "./types.ts"

/** What Python calls the type of a value. */
export function typeName(value: unknown): string {
  if (typeof value === "number") return isFloat(value) ? "float" : "int"
  if (value === null || value === undefined) return "NoneType"
  return typeof value === "object" ? objectTypeName(value) : (PRIMITIVES[typeof value] ?? "function")
}

const PRIMITIVES: Record<string, string> = { string: "str", boolean: "bool", bigint: "int" }

function objectTypeName(value: object): string {
  if (value instanceof Tuple) return "tuple"
  if (Array.isArray(value)) return "list"
  if (value instanceof Map || isPlainObject(value)) return "dict"
  if (value instanceof PyFloat) return "float"
  if (value instanceof Markup) return "Markup"
  if (value instanceof NativeMarker) return "str"
  if (value instanceof Undefined) return "Undefined"
  if (value instanceof PySet || value instanceof Set) return "set"
  if (value instanceof Range) return "range"
  if (value instanceof OneShot) return value.typeName
  if (value instanceof DictView) return `dict_${value.kind}`
  if (value instanceof Callable) return "function"
  if (value instanceof Namespace) return "Namespace"
  if (value instanceof HostObject) return value.typeName
  return "object"
}

const BUILTIN = new Set(
  "str bool float int list tuple dict set range generator dict_keys dict_values dict_items function".split(
    " ",
  ),
)
const MODULES: Record<string, string> = {
  Markup: "markupsafe",
  Undefined: "jinja2.runtime",
  Namespace: "jinja2.utils",
}

/** How Jinja names an object in "… has no attribute". */
export function objectName(value: unknown): string {
  if (value === null || value === undefined) return "None"
  const name = typeName(value)
  if (BUILTIN.has(name)) return `${name} object`
  const module = MODULES[name]
  return module === undefined ? `${name} object` : `${module}.${name} object`
}
