import { copyFileSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cartwright, type Running, temporaryFolder } from "../e2e/lib/cli.ts"
import { askPublished } from "../e2e/lib/published.ts"
import { card, type Dashboards, figure, number, openDashboards, rowsOf, settled } from "./lib/browser.ts"
import { chromium, describeWith, sharedData } from "./lib/engines.ts"

const THELOOK = ["users", "orders", "order_items", "products"]
const PAGES = ["Overview", "Funnel", "Behaviour", "Products", "Customers", "Data"]

/** What pages show is compared with plain SQL over the published files. */
describeWith(
  {
    chromium: chromium(),
    retail: sharedData("online_retail", "data.csv.gz"),
    thelook: sharedData("thelook", "subset_orders_2025"),
  },
  "the dashboard's pages in a browser",
  ({ chromium: executablePath, retail, thelook }) => {
    const home = temporaryFolder()
    let dashboards: Dashboards
    const served = new Map<string, Running>()
    const dirOf = (shop: string) => join(home, shop)
    const open = (shop: string, search = "", width?: number): Promise<Page> =>
      dashboards.open(served.get(shop) as Running, search, width)
    const sql = (shop: string, text: string) => askPublished(dirOf(shop), text)

    beforeAll(async () => {
      const shopOf = async (name: string, files: Record<string, string>) => {
        mkdirSync(join(home, `${name} files`))
        for (const [file, path] of Object.entries(files))
          copyFileSync(path, join(home, `${name} files`, file))
        await cartwright(["init", `${name} files`, "--dir", name], { cwd: home })
        const ran = await cartwright(["run", "--dir", dirOf(name)])
        expect(ran.code, ran.stderr).toBe(0)
      }
      expect((await cartwright(["demo", "--scale", "0.01"], { cwd: home })).code).toBe(0)
      await shopOf("retail", { "data.csv.gz": retail })
      await shopOf(
        "thelook",
        Object.fromEntries(THELOOK.map((name) => [`${name}.csv.gz`, join(thelook, `${name}.csv.gz`)])),
      )
      dashboards = await openDashboards(executablePath)
      for (const name of ["demo-shop", "retail", "thelook"]) served.set(name, dashboards.serve(dirOf(name)))
    })
    afterAll(() => dashboards.close())

    test("orders are those of the nearest purchase within an hour, else of the customer", async () => {
      const page = await open("demo-shop", "?page=funnel&period=2025-01-01..2025-12-31&compare=none")
      // Every pair of an order and a purchase of the same customer, the nearest first; keys are read as text, beyond 2^53.
      const expected = await sql(
        "demo-shop",
        `with pairs as (
           select order_key, events.traffic_source_key as channel,
             row_number() over (partition by order_key order by abs(epoch(occurred_at) - epoch(ordered_at)), event_key) as place
           from $fact_orders as orders join $fact_events as events using (customer_durable_key)
           join $dim_event_types using (event_type_key)
           where customer_durable_key > 0 and event_type = 'purchase' and abs(epoch(occurred_at) - epoch(ordered_at)) <= 3600)
         select traffic_source as name, round(sum(net_amount))::int as sales
         from $fact_orders as orders left join (from pairs where place = 1) using (order_key)
         join $dim_traffic_sources as sources on sources.traffic_source_key = coalesce(channel, orders.traffic_source_key)
         where ordered_at >= '2025-01-01' and ordered_at < '2026-01-01' group by 1 having sum(net_amount) > 0 order by 1`,
      )
      const shown = (await rowsOf(page, "What the sources bring")).map((cells) => ({
        name: cells[0]?.trim() ?? "",
        sales: Math.round(number(cells[4])),
      }))
      expect(shown.filter(({ sales }) => sales > 0).sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
        expected,
      )
      const [worth] = await card(page, "From a visit to a purchase").locator(".finding b").allInnerTexts()
      expect(number(worth)).toBeGreaterThan(0)
      expect(await card(page, "Funnel by category").locator("tbody tr").count()).toBeGreaterThan(5)
      await page.close()
    })

    test("a product's way from view to return and its margin are those of the facts", async () => {
      const page = await open("demo-shop", "?page=products&period=2025-01-01..2025-12-31&compare=none")
      const [first] = await sql(
        "demo-shop",
        `with sold as (select product_name, round(sum(net_amount))::int as net, count(distinct case when line_kind = 'sale' then invoice_no end)::int as orders
           from $fact_sales join $dim_products using (product_key) where sold_at >= '2025-01-01' and sold_at < '2026-01-01' group by 1)
         select *, (select count(distinct (session_key, pages.product_durable_key)) from $fact_events as events join $dim_pages as pages using (page_key)
           join $dim_products as products on products.product_durable_key = pages.product_durable_key and products.is_current
           join $fact_sessions as sessions using (session_key)
           where products.product_name = sold.product_name and sessions.started_at >= '2025-01-01' and sessions.started_at < '2026-01-01')::int as views
         from sold order by net desc limit 1`,
      )
      const [row] = await rowsOf(page, "Best sellers")
      expect({
        product_name: row?.[0]?.trim(),
        net: Math.round(number(row?.[2])),
        views: number(row?.[3]),
        orders: number(row?.[5]),
      }).toEqual(first)
      const [margin] = await sql(
        "demo-shop",
        `select round(sum(net_amount - products.cost * quantity) filter (net_amount > 0))::int as margin
         from $fact_sales as sales join $dim_products as products on products.product_durable_key = sales.product_durable_key
           and sold_at >= valid_from and sold_at < valid_to
         where sold_at >= '2025-01-01' and sold_at < '2026-01-01'`,
      )
      expect(Math.round(number(await figure(page, "Margin")))).toBe(margin?.["margin"])
      expect(await card(page, "Best sellers").locator("svg.sparkline").count()).toBe(20)
      expect(await card(page, "Best sellers of each month").locator("tbody tr").count()).toBe(12)
      await page.close()
    })

    test("cohorts, cells and the list behind a cell are those of the sales", async () => {
      const page = await open("retail", "?page=customers&period=2010-12-01..2011-11-30")
      const bought = `(select customer_id, date_trunc('month', sold_at) as month from $fact_sales
        where line_kind = 'sale' and customer_durable_key > 0 group by 1, 2)`
      const [cohort] = await sql(
        "retail",
        `with cohorts as (select customer_id, min(month) as first from ${bought} group by 1)
         select count(distinct customer_id)::int as customers,
           round(100 * count(distinct customer_id) filter (month = '2011-01-01') / count(distinct customer_id))::int as again
         from ${bought} join cohorts using (customer_id) where first = '2010-12-01'`,
      )
      const [december] = await rowsOf(page, "Cohorts")
      expect({ customers: number(december?.[1]), again: Math.round(number(december?.[3])) }).toEqual(cohort)

      const cell = card(page, "How recently, how often").locator("tbody tr").first().locator("button").last()
      const customers = number((await cell.innerText()).split(/\s/)[0])
      await cell.click()
      await settled(page)
      expect(await card(page, "Who they are").locator(".note").first().innerText()).toContain(
        `${customers.toLocaleString("en-US")} customers of the chosen cell`,
      )
      const [best] = await sql(
        "retail",
        `select customer_id, round(sum(net_amount))::int as net from $fact_sales where customer_durable_key > 0 and date_key > 0
         group by 1 order by sum(net_amount) desc limit 1`,
      )
      await card(page, "How recently, how often").locator("button[aria-pressed=true]").click()
      await settled(page)
      const [who] = await rowsOf(page, "Who they are")
      expect(who?.[0]).toContain(best?.["customer_id"])
      expect(Math.round(number(who?.[4]))).toBe(best?.["net"])
      await page.close()
    })

    test("one customer's timeline has every order and visit, and a link shows it", async () => {
      const page = await open("demo-shop", "?page=customers")
      await card(page, "Who they are").locator("tbody button").first().click()
      const dialog = page.getByRole("dialog")
      await dialog.locator(".timeline li").first().waitFor()
      const customer = new URL(page.url()).searchParams.get("customer")
      const [known] = await sql(
        "demo-shop",
        `select (select count(*) from $fact_orders where customer_durable_key = ${customer})::int as orders,
          (select count(*) from $fact_sessions where customer_durable_key = ${customer})::int as visits,
          (select count(*) from $dim_customers where customer_durable_key = ${customer} and valid_from > '1900-01-01')::int as changes`,
      )
      const count = (kind: string) => dialog.locator(`.timeline li.${kind}`).count()
      expect({
        orders: await count("order"),
        visits: await count("visit"),
        changes: await count("change"),
      }).toEqual(known)
      await page.keyboard.press("Escape")
      await expect.poll(() => page.url().includes("customer=")).toBe(false)
      await page.close()
    })

    test("the data page leads from a screen to file and line, and from a table to what was delivered", async () => {
      const page = await open("thelook", "?page=data&table=fct_orders")
      expect(await card(page, "Where it comes from").locator(".lineage").innerText()).toContain(
        "thelook.order_items",
      )
      await card(page, "Where it comes from")
        .getByRole("button", { name: "fact_orders", exact: true })
        .click()
      expect(new URL(page.url()).searchParams.get("table")).toBe("fact_orders")
      expect(await rowsOf(page, "Runs")).toHaveLength(1)
      const [screen] = await sql(
        "thelook",
        `select source_name || '.' || data_set || '.' || screen_name as name, count(*)::int as records, count(source_line)::int as lines
         from $error_event_details group by 1 having count(source_line) > 0 order by 2, 1 limit 1`,
      )
      await page.goto(`${page.url().split("?")[0]}?page=data&screen=${screen?.["name"] as string}`)
      await settled(page)
      const records = page.locator(".records tbody tr")
      expect(await records.count()).toBe(Math.min(Number(screen?.["records"]), 100))
      expect(await records.first().locator("code").innerText()).toMatch(/\.csv(\.gz)?:\d+$/)
      await page.close()
    })

    test("each shop has the pages that it can have, and is told why not the others", async () => {
      const absent: Record<string, string[]> = {
        retail: ["Funnel", "Behaviour"],
        thelook: ["Funnel", "Behaviour"],
      }
      for (const shop of ["retail", "thelook"]) {
        const page = await open(shop, "?period=all&compare=none", 390)
        for (const name of PAGES) {
          await page.getByRole("link", { name }).click()
          await settled(page)
          expect(await page.locator(".failure").count(), `${shop} ${name}`).toBe(0)
          expect((await page.locator(".absent").count()) > 0, `${shop} ${name}`).toBe(
            absent[shop]?.includes(name),
          )
          expect(
            await page.evaluate("document.documentElement.scrollWidth"),
            `${shop} ${name}`,
          ).toBeLessThanOrEqual(390)
        }
        await page.getByRole("link", { name: "Products" }).click()
        await settled(page)
        const notShown = await page.locator(".not-shown").innerText()
        expect(notShown).toContain("Views: no source of this shop delivers product views")
        expect(notShown.includes("Margin: no source of this shop delivers costs of products")).toBe(
          shop === "retail",
        )
        await page.close()
      }
    })

    test("nothing was wrong or asked elsewhere", () => {
      expect(dashboards.wrongs).toEqual([])
    })
  },
)
