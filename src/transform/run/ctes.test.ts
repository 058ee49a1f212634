import { expect, test } from "vitest"
import { injectCtes } from "./ctes.ts"

const ctes = [{ sql: " __dbt__cte__a as (\nselect 1\n)" }, { sql: " __dbt__cte__b as (\nselect 2\n)" }]
const list = " __dbt__cte__a as (\nselect 1\n),  __dbt__cte__b as (\nselect 2\n)"

test.each([
  ["select * from x", `with${list} select * from x`],
  ["\n  select 1", `\n  with${list} select 1`],
  ["-- note\nselect 1", `with${list} -- note\nselect 1`],
  ["with c as (select 1) select * from c", `with ${list}, c as (select 1) select * from c`],
  [
    "/* note */ WITH recursive c as (select 1) select * from c",
    `/* note */ WITH recursive ${list}, c as (select 1) select * from c`,
  ],
  ["withdrawn", `with${list} withdrawn`],
])("into %j", (sql, expected) => {
  expect(injectCtes(sql, ctes)).toBe(expected)
})

test("SQL without ephemeral models stays as it is", () => {
  expect(injectCtes("select 1", [])).toBe("select 1")
})
