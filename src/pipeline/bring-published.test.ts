import { expect, test } from "vitest"
import { silentEffects } from "../core/effects.ts"
import { parseConfig } from "../project/config/read.ts"
import { shopOf } from "../project/shop.ts"
import { bringPublished } from "./bring-published.ts"

test("a shop that publishes in BigQuery only says what questions need", async () => {
  const text = `shop: {name: Toy Shop}
sources: {s: {files: {path: f, datasets: {d: {files: "*.csv"}}}}}
warehouse: {type: bigquery, project: my-project, location: EU}
`
  const shop = shopOf("/shop", parseConfig(text, "/shop/cartwright.yaml"))
  await expect(bringPublished(shop, silentEffects())).rejects.toMatchObject({
    code: "unsupported",
    place: "/shop/cartwright.yaml:3:19",
    next: expect.stringContaining("publish.export: gs://"),
    state: "Nothing was asked.",
  })
})
