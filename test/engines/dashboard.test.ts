import { readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { cartwright, type Running, temporaryFolder } from "../e2e/lib/cli.ts"
import { writeOnlineRetail } from "../e2e/lib/online-retail.ts"
import { askPublished } from "../e2e/lib/published.ts"
import { card, type Dashboards, figure, number, openDashboards, rowsOf, settled } from "./lib/browser.ts"
import { sharingTests, violations } from "./lib/dashboard-sharing.ts"
import { chromium, describeWith } from "./lib/engines.ts"

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
describeWith({ chromium: chromium() }, "the dashboard in a browser", ({ chromium: executablePath }) => {
  const home = temporaryFolder()
  const shop = join(home, "demo-shop")
  let dashboards: Dashboards
  let serving: Running
  let retail: Running
  const open: Dashboards["open"] = (...page) => dashboards.open(...page)

  beforeAll(async () => {
    expect((await cartwright(["demo", "--scale", "0.02"], { cwd: home })).code).toBe(0)
    writeOnlineRetail(join(home, "files"))
    await cartwright(["init", "files", "--dir", "retail"], { cwd: home })
    expect((await cartwright(["run", "--dir", join(home, "retail")])).code).toBe(0)
    dashboards = await openDashboards(executablePath)
    serving = dashboards.serve(shop)
    retail = dashboards.serve(join(home, "retail"))
  })
  afterAll(() => dashboards.close())

  test("the overview's figures are those of the published files, and make an equation", async () => {
    const page = await open(serving, "?period=2025-01-01..2025-12-31")
    const [facts] = await askPublished(
      shop,
      `select (select count(*) from $fact_sessions where started_at >= '2025-01-01' and started_at < '2026-01-01')::int as sessions,
        count(distinct case when line_kind = 'sale' then invoice_no end)::int as orders, round(sum(net_amount))::int as net,
        count(distinct case when line_kind = 'sale' then customer_id end)::int as customers
      from $fact_sales where sold_at >= '2025-01-01' and sold_at < '2026-01-01'`,
    )
    const [sessions, rate, average, net] = await Promise.all(
      ["Sessions", "Orders per session", "Average order", "Net sales"].map(async (name) =>
        number(await figure(page, name)),
      ),
    )
    expect({
      sessions,
      net,
      orders: number(await figure(page, "Orders")),
      customers: number(await figure(page, "Customers")),
    }).toEqual(facts)
    expect(Math.abs(((sessions ?? 0) * ((rate ?? 0) / 100) * (average ?? 0)) / (net ?? 1) - 1)).toBeLessThan(
      0.01,
    )
    await page.close()
  })

  test("a click on a bar filters what can be filtered, says what cannot, is in the address, and goes back", async () => {
    const page = await open(serving, "?page=funnel&period=2025-01-01..2025-12-31")
    await card(page, "Funnel by browser").getByRole("button", { name: "Safari" }).click()
    await settled(page)
    const [expected] = await askPublished(
      shop,
      `select count(*)::int as sessions, count(*) filter (viewed_product and carted and purchased)::int as bought from $fact_sessions
       join $dim_browsers using (browser_key) where browser = 'Safari' and started_at >= '2025-01-01' and started_at < '2026-01-01'`,
    )
    const steps = async (shown: Page) =>
      (await shown.locator(".steps li:not(.head) .number").allInnerTexts()).map((text) =>
        Number(text.replaceAll(",", "")),
      )
    const filtered = await steps(page)
    expect({ sessions: filtered.at(0), bought: filtered.at(-1) }).toEqual(expected)
    await page.getByRole("link", { name: "Overview" }).click()
    await settled(page)
    expect(await card(page, "Net sales by country").innerText()).toContain("Not filtered by Browser")
    // The link alone shows the same.
    const other = await open(serving, new URL(page.url()).search.replace(/^[?]/, "?page=funnel&"))
    expect(await steps(other)).toEqual(filtered)
    await other.close()
    await page.goBack()
    await page.goBack()
    await settled(page)
    expect((await steps(page)).at(0)).toBeGreaterThan(filtered[0] ?? 0)
    await page.close()
  })

  test("a filter is found and chosen by keyboard, and removed by its chip", async () => {
    const page = await open(serving, "?period=all&compare=none")
    const before = await figure(page, "Net sales")
    await page.getByLabel("Add a filter").selectOption("country")
    await page.getByPlaceholder("Search country").fill("germ")
    await page.getByRole("checkbox", { name: "Germany" }).waitFor()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await settled(page)
    expect(await page.locator(".chip").innerText()).toContain("Germany")
    await page.keyboard.press("Escape")
    expect(await page.locator(".values").count()).toBe(0)
    expect(await figure(page, "Net sales")).not.toBe(before)
    await page.getByLabel("Remove the filter by Country").click()
    await settled(page)
    expect(await figure(page, "Net sales")).toBe(before)
    await page.close()
  })

  test("each card has a table and an explanation", async () => {
    const page = await open(serving)
    const trend = card(page, "Net sales by month")
    expect(await trend.locator("svg path").count()).toBeGreaterThan(3)
    await trend.getByRole("button", { name: "Table" }).click()
    expect(await trend.locator("tbody tr").count()).toBe(12)
    await trend.getByRole("button", { name: "Explain" }).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("order_items").first().waitFor()
    expect(await dialog.innerText()).toContain("sum of net_amount in fact_sales")
    expect(await dialog.locator("pre").innerText()).toContain("read_parquet(")
    await page.keyboard.press("Escape")
    expect(await page.getByRole("dialog").count()).toBe(0)
    await page.close()
  })

  test("every page is there in both themes, on a phone and on a desk, and nothing is wider than the screen", async () => {
    for (const width of [390, 1360]) {
      const page = await open(serving, "", width)
      for (const name of ["Overview", "Funnel", "Behaviour", "Products", "Customers", "Data"]) {
        await page.getByRole("link", { name }).click()
        await settled(page)
        for (const theme of ["Dark", "Light"]) {
          await page.getByRole("button", { name: theme, exact: true }).click()
          expect(await violations(page), `${name}, ${theme}, ${width}`).toEqual([])
        }
        expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(name)
        expect(await page.locator(".failure, .nothing").count(), name).toBe(0)
        expect(
          await page.evaluate("document.documentElement.scrollWidth"),
          `${name} at ${width}`,
        ).toBeLessThanOrEqual(width)
      }
      const ground = () => page.evaluate("getComputedStyle(document.body).backgroundColor")
      const light = await ground()
      await page.getByRole("button", { name: "Dark" }).click()
      expect(await ground()).not.toBe(light)
      await page.reload()
      await settled(page)
      expect(await ground()).not.toBe(light)
      await page.getByRole("button", { name: "Light" }).click()
      await page.close()
    }
  })

  test("paths are entered at any page, and are those of the sessions", async () => {
    const page = await open(serving, "?page=behaviour&period=2025-01-01..2025-12-31")
    const paths = card(page, "From page to page")
    expect(await paths.locator("svg path").count()).toBeGreaterThan(10)
    await paths.getByLabel("Begin at").selectOption("cart")
    const inPeriod = "started_at >= '2025-01-01' and started_at < '2026-01-01'"
    const [carts] = await askPublished(
      shop,
      `select count(distinct session_key)::int as n from (
         select *, row_number() over (partition by session_key order by occurred_at, sequence_number, event_key) as step from $fact_events)
       join $dim_pages using (page_key) join $fact_sessions using (session_key) where page_type = 'cart' and step <= 12 and ${inPeriod}`,
    )
    expect(number((await paths.locator(".start .note").innerText()).split(" ")[0])).toBe(carts?.["n"])
    expect(new URL(page.url()).searchParams.get("start")).toBe("cart")
    const events = await askPublished(
      shop,
      `select event_type, count(*)::int as n from $fact_events join $dim_event_types using (event_type_key)
       where occurred_at >= '2025-01-01' and occurred_at < '2026-01-01' group by 1 order by 2 desc`,
    )
    expect(
      (await rowsOf(page, "Most frequent events")).map(([name, n]) => ({
        event_type: name?.trim(),
        n: number(n),
      })),
    ).toEqual(events)
    await page.close()
  })
  sharingTests({ shop, open: (search, width) => open(serving, search, width) })

  test("where every row went, and what fails, is what the quality records say", async () => {
    const page = await open(serving, "?page=data")
    const expected = await askPublished(
      shop,
      `select data_set, bronze_rows, rejected_rows, current_rows from $row_reconciliation order by data_set`,
    )
    const rows = await card(page, "Where every row went").locator("tbody tr").all()
    const cells = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()))
    const rowCount = (text?: string) => BigInt(number(text))
    expect(
      cells.map((row) => ({
        data_set: row[0]?.replace("thelook.", ""),
        bronze_rows: rowCount(row[3]),
        rejected_rows: rowCount(row[4]),
        current_rows: rowCount(row[8]),
      })),
    ).toEqual(expected)
    const [events] = await askPublished(
      shop,
      "select count(distinct (data_set, screen_name))::int as n from $error_events",
    )
    expect(await card(page, "Screens that fail").locator("tbody tr").count()).toBe(events?.["n"])
    await page.close()
  })

  test("a shop without events has the pages it can have, and says why the others are missing", async () => {
    const page = await open(retail)
    expect(await page.locator(".figures").first().innerText()).toContain("Orders")
    await page.getByRole("link", { name: "Funnel" }).click()
    expect(await page.locator("main").innerText()).toContain("No source of this shop delivers sessions")
    await page.close()
  })

  test("what is wrong is said, and mended by trying again", async () => {
    const page = await open(serving)
    await page.route("**/api/query**", (route) => route.abort())
    await page.getByRole("link", { name: "Products" }).click()
    await page.locator(".failure").first().waitFor()
    expect(await page.locator(".failure").first().innerText()).toContain("The server does not answer")
    dashboards.wrongs.length = 0
    await page.unroute("**/api/query**")
    const failed = await page.locator(".failure").count()
    await page.locator(".failure button").first().click()
    await expect.poll(() => page.locator(".failure").count(), { timeout: 90_000 }).toBeLessThan(failed)
    await page.close()
  })

  test("the first load is small, and nothing was wrong or asked elsewhere", () => {
    const folder = join(root, "dist", "web")
    const bytes = readdirSync(folder).reduce(
      (sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length,
      0,
    )
    expect(bytes).toBeLessThan(350_000)
    expect(dashboards.wrongs).toEqual([])
  })
})
