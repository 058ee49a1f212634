import { pythonStr } from "../values.ts"
import { dispatched, REQUIRED, type Builtin, type BuiltinCall, type BuiltinHost } from "./builtin.ts"
import { listOf } from "./cross-database.ts"

/** A host that knows the `where` of the test that runs. */
export interface TestHost extends BuiltinHost {
  config(name: string): unknown
}

/** The generic tests that every project has, and what they are made of. */
export const TESTS: readonly Builtin[] = [
  dispatched(
    "test_unique",
    { model: REQUIRED, column_name: REQUIRED },
    (call) => `
select
    ${call.text("column_name")} as unique_field,
    count(*) as n_records
from ${call.text("model")}
where ${call.text("column_name")} is not null
group by ${call.text("column_name")}
having count(*) > 1
`,
  ),
  dispatched(
    "test_not_null",
    { model: REQUIRED, column_name: REQUIRED },
    (call: BuiltinCall<TestHost>) => `
select ${call.host.config("store_failures") === true ? "*" : call.text("column_name")}
from ${call.text("model")}
where ${call.text("column_name")} is null
`,
  ),
  dispatched(
    "test_accepted_values",
    { model: REQUIRED, column_name: REQUIRED, values: REQUIRED, quote: true },
    acceptedValues,
  ),
  dispatched(
    "test_relationships",
    { model: REQUIRED, column_name: REQUIRED, to: REQUIRED, field: REQUIRED },
    (call) => `
with child as (
    select ${call.text("column_name")} as from_field
    from ${call.text("model")}
    where ${call.text("column_name")} is not null
),
parent as (
    select ${call.text("field")} as to_field
    from ${call.text("to")}
)
select from_field
from child
left join parent
    on child.from_field = parent.to_field
where parent.to_field is null
`,
  ),
  dispatched("get_where_subquery", { relation: REQUIRED }, (call: BuiltinCall<TestHost>) => {
    const where = call.host.config("where")
    if (where === undefined || where === null || where === "") return call.value("relation")
    return `(select * from ${call.text("relation")} where ${pythonStr(where)}) dbt_subquery`
  }),
]

function acceptedValues(call: BuiltinCall): string {
  const quoted = call.value("quote") === true
  const values = listOf(call.value("values")).map((value) =>
    quoted ? `'${pythonStr(value)}'` : pythonStr(value),
  )
  const column = call.text("column_name")
  return `
with all_values as (
    select
        ${column} as value_field,
        count(*) as n_records
    from ${call.text("model")}
    group by ${column}
)
select *
from all_values
where value_field not in (
    ${values.join(",")}
)
`
}
