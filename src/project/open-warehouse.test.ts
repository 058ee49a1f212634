import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { fine, inserts, startStub } from "../warehouse/bigquery/stub.fixture.ts"
import { parseConfig } from "./config/read.ts"
import type { BigQueryConfig } from "./config/warehouse-schema.ts"
import { duckDbOf, openShopBigQuery } from "./open-warehouse.ts"
import { shopOf } from "./shop.ts"

const TEXT = `shop: {name: Toy Shop}
sources: {s: {files: {path: f, datasets: {d: {files: "*.csv"}}}}}
warehouse: {type: bigquery, project: my-project, location: EU, labels: {team: data, shop: x}}
`
const shop = shopOf("/shop", parseConfig(TEXT, "/shop/cartwright.yaml"))

test("a shop on BigQuery asks the emulator that the environment names, with the shop's labels", async () => {
  const stub = await startStub(fine(() => undefined))
  const opening = { runId: "run-1", effects: silentEffects() }
  const environment = { BIGQUERY_EMULATOR_HOST: stub.url.replace("http://", "") }
  const warehouse = await openShopBigQuery(shop, shop.warehouse as BigQueryConfig, opening, environment)
  const session = await warehouse.session()
  await session.rows("select 1")
  await warehouse.close()
  stub.stop()
  const [job] = inserts(stub)
  expect(job?.body.jobReference?.location).toBe("EU")
  // The shop's own label is ours to set, as the parts of the bill are found by it.
  expect(job?.body.configuration?.labels).toEqual({
    application: "cartwright",
    shop: "toy-shop",
    run: "run-1",
    team: "data",
  })
})

test("what runs on DuckDB only says so, with the line that chose BigQuery", () => {
  expect(() => duckDbOf(shop, "the step load")).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message: "the step load does not run on BigQuery yet",
      place: "/shop/cartwright.yaml:3:19",
    }),
  )
})
