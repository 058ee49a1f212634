import { expect, test } from "vitest"
import { readTest, testCode, testHash, type TestTarget } from "./test-definition.ts"

const target: TestTarget = {
  kind: "node",
  name: "dim_customers",
  relation: "ref('dim_customers')",
  place: () => "schema.yml:3",
}
const render = (text: string): Promise<unknown> => Promise.resolve(text)

// Names and hashes are those that dbt 1.11.16 gave.
test("a long name is cut and hashed for the file and the alias", async () => {
  const entry = {
    accepted_values: {
      arguments: { values: ["hello", "good bye", "this is a rather long value", "so that the name"] },
      config: { where: "orders > 0" },
    },
  }
  const read = await readTest(entry, target, "greeting", render)
  expect(read.fullName).toBe(
    "accepted_values_dim_customers_greeting__hello__good_bye__this_is_a_rather_long_value__so_that_the_name",
  )
  expect(read.shortName).toBe("accepted_values_dim_customers_6f78ab680dddb1e3e038b62afcb6712b")
  expect(testHash(read)).toBe("72b0c057bc")
  expect(testCode(read)).toBe(
    '{{ test_accepted_values(**_dbt_generic_test_kwargs) }}{{ config(where="orders > 0",alias="accepted_values_dim_customers_6f78ab680dddb1e3e038b62afcb6712b") }}',
  )
})

test("a test of a source says so in its name", async () => {
  const source: TestTarget = {
    ...target,
    kind: "source",
    name: "crm_customers",
    relation: "source('crm', 'customers')",
  }
  const read = await readTest("not_null", source, "customer_id", render)
  expect([read.fullName, testHash(read)]).toEqual(["source_not_null_crm_customers_customer_id", "d39752b360"])
})

test("arguments may stand at the top or under arguments:, configs likewise", async () => {
  const nested = await readTest(
    { at_least: { arguments: { minimum: 3 }, config: { severity: "warn" } } },
    target,
    "x",
    render,
  )
  const flat = await readTest({ at_least: { minimum: 3, severity: "warn" } }, target, "x", render)
  expect(flat).toEqual(nested)
  expect(nested.config).toEqual({ severity: "warn" })
})

test.each([
  [{ unique: {}, not_null: {} }, "one name"],
  [3, "a name or a mapping"],
  [{ unique: { model: "x" } }, "argument named model"],
  [{ unique: { severity: "warn", config: { severity: "error" } } }, "twice"],
])("refuses %j and says where", async (entry, offence) => {
  await expect(readTest(entry, target, "id", render)).rejects.toMatchObject({
    code: "transform",
    place: "schema.yml:3",
    message: expect.stringContaining(offence) as string,
  })
})
