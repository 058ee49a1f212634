import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, test } from "vitest"
import { silentEffects } from "../../src/core/effects.ts"
import { generateShop } from "../../src/generator/generate.ts"
import { bronzeFromFile } from "./lib/bronze-tables.ts"
import { type DbtShop, makeDbtShop } from "./lib/dbt-shop.ts"
import { dbtBin, describeWith } from "./lib/engines.ts"

/** The part of `truth.json` that the star must find again: what came about, not what was wished. */
interface Truth {
  effects: {
    funnel: { realised: { visits: Steps } }
    trafficSources: { realised: (Steps & { name: string })[] }
    browsers: { realised: (Steps & { name: string })[] }
    fulfilment: {
      realised: {
        statuses: { status: string; orders: number }[]
        centers: { shipped: number; hours_to_ship: number; hours_to_deliver: number }[]
      }
    }
    calendar: { realised: { yearMonths: { unit: string; visits: number }[] } }
    discounts: { realised: { items: number; revenue: number }[] }
    userSources: { realised: { name: string; orders: number }[] }
    repeat: { realised: { buyers: number; repeated: number } }
  }
}
interface Steps {
  visits: number
  viewed: number
  carted: number
  purchased: number
}

const DATA_SETS = ["users", "products", "orders", "order_items", "events"]
const steps = ({ visits, viewed, carted, purchased }: Steps) => [visits, viewed, carted, purchased]
const FUNNEL = "concat_ws(' ', sessions, viewed_product, carted, purchased)"

/** A shop whose five tables join: what was planted must come out at the other end. */
describe.each(["bigquery", "kaggle"] as const)("a generated shop in the %s form", (style) => {
  describeWith({ dbt: dbtBin() }, "against the truth about it", ({ dbt }) => {
    let shop: DbtShop
    let truth: Truth["effects"]
    beforeAll(async () => {
      shop = makeDbtShop(dbt, { thelook: DATA_SETS })
      const dir = join(shop.folder, "files")
      const { truthPath } = await generateShop({
        dir,
        scale: 0.02,
        seed: 7,
        style,
        format: "csv.gz",
        effects: silentEffects(),
      })
      truth = (JSON.parse(readFileSync(truthPath, "utf8")) as Truth).effects
      await shop.write(async (session) => {
        for (const dataSet of DATA_SETS) {
          await bronzeFromFile(session, `thelook__${dataSet}`, join(dir, `${dataSet}.csv.gz`), shop.folder)
        }
      })
      await shop.dbt("deps")
      await shop.dbt("build")
      return shop.remove
    })

    async function pairs(sql: string): Promise<Record<string, string | undefined>> {
      const rows = await shop.rows(sql)
      return Object.fromEntries(rows.map((row) => [row["name"], row["value"]]))
    }

    test("the funnel, overall and by channel and browser", async () => {
      const overall = await shop.row(
        `select ${FUNNEL} as value from gold.agg_funnel where dimension = 'overall'`,
      )
      expect(overall["value"]).toBe(steps(truth.funnel.realised.visits).join(" "))
      for (const [dimension, planted] of [
        ["traffic_source", truth.trafficSources],
        ["browser", truth.browsers],
      ] as const) {
        const found = await pairs(
          `select value as name, ${FUNNEL} as value from gold.agg_funnel where dimension = '${dimension}'`,
        )
        expect(found).toEqual(
          Object.fromEntries(planted.realised.map((each) => [each.name, steps(each).join(" ")])),
        )
      }
      const months = await pairs(
        "select substr(value, 1, 7) as name, sessions as value from gold.agg_funnel where dimension = 'month'",
      )
      expect(months).toEqual(
        Object.fromEntries(
          truth.calendar.realised.yearMonths.map(({ unit, visits }) => [unit, String(visits)]),
        ),
      )
    })

    test("a session counts in each category that it viewed", async () => {
      const expected = await pairs(
        `select category as name, count(distinct e.session_id) as value from silver.stg_thelook__events e
        join silver.stg_thelook__products p on e.uri = '/product/' || p.product_id where e.event_type = 'product' group by category`,
      )
      const found = await pairs(
        "select value as name, sessions as value from gold.agg_funnel where dimension = 'category'",
      )
      expect(found).toEqual(expected)
      expect(Object.keys(found).length).toBeGreaterThan(10)
    })

    test("orders by status, buyers who came again, and the channel that won the customer", async () => {
      const { fulfilment, userSources, repeat } = truth
      expect(
        await pairs(
          `select order_status as name, count(*) as value from gold.fact_orders
          join gold.dim_order_statuses using (order_status_key) group by order_status`,
        ),
      ).toEqual(
        Object.fromEntries(
          fulfilment.realised.statuses.map(({ status, orders }) => [status, String(orders)]),
        ),
      )
      expect(
        await pairs(
          `select traffic_source as name, count(*) as value from gold.fact_orders
          join gold.dim_traffic_sources using (traffic_source_key) group by traffic_source`,
        ),
      ).toEqual(Object.fromEntries(userSources.realised.map(({ name, orders }) => [name, String(orders)])))
      expect(
        await shop.row(
          `select count(case when order_number_of_customer = 1 then 1 end) as buyers,
            count(case when order_number_of_customer = 2 then 1 end) as repeated from gold.fct_orders`,
        ),
      ).toEqual({ buyers: String(repeat.realised.buyers), repeated: String(repeat.realised.repeated) })
    })

    test("revenue, to the cent, and the hours to ship", async () => {
      const { discounts, fulfilment } = truth
      const found = await shop.row(
        `select (select count(*) from gold.fact_sales) as items, (select sum(amount) from gold.fact_order_items) as revenue,
          (select count(hours_to_ship) from gold.fact_orders) as shipped, (select avg(hours_to_ship) from gold.fact_orders) as hours`,
      )
      const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)
      const shipped = sum(fulfilment.realised.centers.map((center) => center.shipped))
      expect(Number(found["items"])).toBe(sum(discounts.realised.map(({ items }) => items)))
      expect(Number(found["revenue"])).toBeCloseTo(sum(discounts.realised.map(({ revenue }) => revenue)), 2)
      expect(Number(found["shipped"])).toBe(shipped)
      const hours = sum(fulfilment.realised.centers.map((center) => center.shipped * center.hours_to_ship))
      expect(Number(found["hours"])).toBeCloseTo(hours / shipped, 3)
    })
  })
})
