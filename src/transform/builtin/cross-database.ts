import { dispatched, REQUIRED, type Builtin } from "./builtin.ts"
import { pythonStr } from "../values.ts"

/**
 * dbt's cross-database macros with the meaning that they have on DuckDB under dbt-duckdb. Each may be overridden by
 * dispatch; where one builds on another, it calls that through the host so that the override counts.
 */
export const CROSS_DATABASE: readonly Builtin[] = [
  dispatched(
    "any_value",
    { expression: REQUIRED },
    (call) => `arbitrary(${call.text("expression")})`,
    "duckdb",
  ),
  dispatched("bool_or", { expression: REQUIRED }, (call) => `bool_or(${call.text("expression")})`),
  dispatched(
    "array_append",
    { array: REQUIRED, new_element: REQUIRED },
    (call) => `array_append(${call.text("array")}, ${call.text("new_element")})`,
  ),
  dispatched(
    "array_concat",
    { array_1: REQUIRED, array_2: REQUIRED },
    (call) => `array_cat(${call.text("array_1")}, ${call.text("array_2")})`,
  ),
  dispatched("array_construct", { inputs: [], data_type: undefined }, async (call) => {
    const inputs = listOf(call.value("inputs"))
    if (inputs.length > 0) return `array[ ${inputs.map(pythonStr).join(" , ")} ]`
    const type = call.value("data_type") ?? (await call.host.macro("type_int", []))
    return `array[]::${pythonStr(type)}[]`
  }),
  dispatched(
    "cast",
    { field: REQUIRED, type: REQUIRED },
    (call) => `cast(${call.text("field")} as ${call.text("type")})`,
  ),
  dispatched(
    "cast_bool_to_text",
    { field: REQUIRED },
    async (call) => `cast(${call.text("field")} as ${pythonStr(await call.host.macro("type_string", []))})`,
  ),
  dispatched(
    "safe_cast",
    { field: REQUIRED, type: REQUIRED },
    (call) => `cast(${call.text("field")} as ${call.text("type")})`,
  ),
  dispatched("concat", { fields: REQUIRED }, (call) =>
    listOf(call.value("fields")).map(pythonStr).join(" || "),
  ),
  dispatched(
    "hash",
    { field: REQUIRED },
    async (call) =>
      `md5(cast(${call.text("field")} as ${pythonStr(await call.host.macro("type_string", []))}))`,
  ),
  dispatched("length", { expression: REQUIRED }, (call) => `length(${call.text("expression")})`),
  dispatched(
    "position",
    { substring_text: REQUIRED, string_text: REQUIRED },
    (call) => `position(${call.text("substring_text")} in ${call.text("string_text")})`,
  ),
  dispatched(
    "replace",
    { field: REQUIRED, old_chars: REQUIRED, new_chars: REQUIRED },
    (call) => `replace(${call.text("field")}, ${call.text("old_chars")}, ${call.text("new_chars")})`,
  ),
  dispatched(
    "right",
    { string_text: REQUIRED, length_expression: REQUIRED },
    (call) => `right(${call.text("string_text")}, ${call.text("length_expression")})`,
  ),
  dispatched(
    "split_part",
    { string_text: REQUIRED, delimiter_text: REQUIRED, part_number: REQUIRED },
    (call) =>
      `string_split(${call.text("string_text")}, ${call.text("delimiter_text")})[ ${call.text("part_number")} ]`,
    "duckdb",
  ),
  dispatched("escape_single_quotes", { expression: REQUIRED }, (call) =>
    call.text("expression").replaceAll("'", "''"),
  ),
  dispatched("string_literal", { value: REQUIRED }, (call) => `'${call.text("value")}'`),
  dispatched("except", {}, () => "except"),
  dispatched("intersect", {}, () => "intersect"),
  dispatched("equals", { expr1: REQUIRED, expr2: REQUIRED }, (call) => {
    const [a, b] = [call.text("expr1"), call.text("expr2")]
    return `case when (${a} = ${b}) or (${a} is null and ${b} is null) then 0 else 1 end = 0`
  }),
  dispatched(
    "listagg",
    { measure: REQUIRED, delimiter_text: "','", order_by_clause: undefined, limit_num: undefined },
    (call) => {
      const [measure, delimiter, order] = [
        call.text("measure"),
        call.text("delimiter_text"),
        call.text("order_by_clause"),
      ]
      if (!isTruthy(call.value("limit_num"))) return `string_agg(${measure}, ${delimiter} ${order})`
      return `list_aggr((array_agg(${measure} ${order}))[1:${call.text("limit_num")}], 'string_agg', ${delimiter})`
    },
    "duckdb",
  ),
  dispatched("current_timestamp", {}, () => "now()", "duckdb"),
  dispatched("current_timestamp_backcompat", {}, () => "current_timestamp::timestamp"),
  dispatched("current_timestamp_in_utc_backcompat", {}, () => "current_timestamp::timestamp"),
  dispatched("type_string", {}, () => "TEXT"),
  dispatched("type_timestamp", {}, () => "timestamp"),
  dispatched("type_float", {}, () => "float"),
  dispatched("type_numeric", {}, () => "numeric(28,6)"),
  dispatched("type_bigint", {}, () => "bigint"),
  dispatched("type_int", {}, () => "integer"),
  dispatched("type_boolean", {}, () => "boolean"),
]

export function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** None, undefined, false, 0 and empty text count as not given. */
export function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== ""
}
