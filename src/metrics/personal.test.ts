import { expect, test } from "vitest"
import { personalColumns, personalDimensions, withoutPersonal } from "./personal.ts"

test("columns are personal by meta, in either place of dbt's", () => {
  const document = {
    models: [
      {
        columns: [
          { name: "email", config: { meta: { pii: true } } },
          { name: "phone", meta: { pii: true } },
          { name: "country", config: { meta: { pii: false } } },
          { name: "city" },
        ],
      },
    ],
  }
  expect(personalColumns(document)).toEqual(["email", "phone"])
})

test("a dimension is personal by what it is made of", () => {
  const dimension = (name: string, expr?: string, config?: unknown) => ({
    name,
    type: "categorical" as const,
    ...(expr === undefined ? {} : { expr }),
    ...(config === undefined ? {} : { config }),
  })
  const model = {
    name: "people",
    model: "dim_customers",
    entities: [],
    measures: [],
    config: { enabled: true, meta: { bridge: false } },
    dimensions: [
      dimension("email"),
      dimension("domain", "split_part(email, '@', 2)"),
      dimension("emails", "email_count"),
      dimension("diagnosis", "code", { meta: { pii: true } }),
    ],
  }
  expect(personalDimensions([model], new Set(["email"]))).toEqual(["email", "domain", "diagnosis"])
})

test("what is personal is hidden at any depth, however the name is written; all else stays", () => {
  const reply = {
    customers: [
      { customerName: "Anna", customer_name: null, latitude: 47.1, orders: 3, by: { email: "a@b" } },
    ],
    rows: 1,
  }
  expect(withoutPersonal(reply, new Set(["customer_name", "email", "latitude"]))).toEqual({
    customers: [
      { customerName: "•••", customer_name: null, latitude: null, orders: 3, by: { email: "•••" } },
    ],
    rows: 1,
  })
})
