import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Page } from "playwright-core"
import { expect, test } from "vitest"
import { cartwright } from "../../e2e/lib/cli.ts"
import { askPublished } from "../../e2e/lib/published.ts"
import { card, figure, settled } from "./browser.ts"

/** The dashboard of a shop in a browser. */
interface SharedShop {
  shop: string
  /** A page that has all of its numbers. */
  open: (search?: string, width?: number) => Promise<Page>
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Finding {
  id: string
  nodes: { html: string }[]
}

/** What axe has against a page; it must have looked at something. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate<{ violations: Finding[]; passes: Finding[] }>("axe.run()")
  expect(found.passes.length).toBeGreaterThan(10)
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}

/** What readers take along, and what they write on dates. */
export function sharingTests({ shop, open }: SharedShop): void {
  const saved = async (page: Page, title: string, format: string) => {
    await card(page, title).locator("summary").click()
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      card(page, title).locator(".choices").getByText(format, { exact: true }).click(),
    ])
    await page.keyboard.press("Escape")
    return { name: file.suggestedFilename(), path: await file.path() }
  }

  test("a card is saved as CSV and Parquet under the filters in force, and as a picture of what is seen", async () => {
    const page = await open(
      "?period=2025-01-01..2025-12-31&compare=none&filter=%5B%22country%22%2C%22China%22%5D",
    )
    const title = "Net sales by category"
    const expected = await askPublished(
      shop,
      `select products.category, round(sum(net_amount), 2)::double as net_sales from $fact_sales as sales
      join $dim_products as products using (product_key) join $dim_locations as locations on locations.location_key = sales.location_key
      where locations.country = 'China' and sold_at >= '2025-01-01' and sold_at < '2026-01-01' group by 1 order by 2 desc limit 10`,
    )
    const csv = await saved(page, title, "CSV")
    expect(csv.name).toBe("net-sales-by-category.csv")
    const lines = readFileSync(csv.path, "utf8").trimEnd().split("\r\n")
    expect(lines[0]).toBe("category,net_sales,orders")
    expect(lines.slice(1).map((line) => Number(line.split(",").at(-2)))).toEqual(
      expected.map((row) => row["net_sales"]),
    )
    const parquet = await saved(page, title, "Parquet")
    const stored = await askPublished(shop, `select net_sales from read_parquet('${parquet.path}')`)
    expect(stored.map((row) => row["net_sales"])).toEqual(expected.map((row) => row["net_sales"]))

    const svg = readFileSync((await saved(page, title, "SVG")).path, "utf8")
    for (const text of [title, expected[0]?.["category"] as string, "Country: China", "@font-face"])
      expect(svg.replaceAll("&amp;", "&")).toContain(text)
    const png = readFileSync((await saved(page, "Net sales by month", "PNG")).path)
    expect(png.subarray(1, 4).toString()).toBe("PNG")
    expect(png.readUInt32BE(16)).toBeGreaterThan(1500)
    await page.close()
  })

  test("a note on a date is written, seen on every chart over time, and removed", async () => {
    const page = await open("?period=2025-01-01..2025-12-31")
    const trend = card(page, "Net sales by month")
    await trend.getByRole("button", { name: "+ Note on a date" }).click()
    await trend.getByLabel("Day").fill("2025-03-14")
    await trend.getByPlaceholder("What happened?").fill("Free shipping <b>began</b>")
    await page.keyboard.press("Enter")
    await trend.getByText("Free shipping <b>began</b>").waitFor()
    expect(await violations(page)).toEqual([])
    expect(JSON.parse(readFileSync(join(shop, "annotations.json"), "utf8"))).toMatchObject([
      { day: "2025-03-14", text: "Free shipping <b>began</b>" },
    ])
    await page.getByRole("link", { name: "Products" }).click()
    await settled(page)
    await page.getByRole("button", { name: /Remove the note/ }).click()
    await expect.poll(() => page.locator(".notes li").count()).toBe(0)
    await page.close()
  })

  test("a frozen copy opens as a file, shows what was shown, asks nobody and names nobody", async () => {
    const page = await open("?period=2025-01-01..2025-12-31&filter=%5B%22country%22%2C%22China%22%5D")
    const out = join(dirname(shop), "copy")
    const written = await cartwright(["export", "--dir", shop, "--out", out, "--url", page.url()])
    expect(written.code, written.stderr).toBe(0)
    const address = pathToFileURL(join(out, "index.html")).href
    const copy = await page.context().browser()?.newPage({ locale: "en-US" })
    if (copy === undefined) throw new Error("the browser is gone")
    const asked: string[] = []
    const wrongs: string[] = []
    copy.on("pageerror", (error) => wrongs.push(error.message))
    copy.on("request", (request) => {
      if (!/^(?:data|blob):/.test(request.url())) asked.push(request.url())
    })
    await copy.goto(address)
    for (const name of ["Sessions", "Net sales", "Customers"])
      expect(await figure(copy, name)).toBe(await figure(page, name))
    expect(await copy.locator(".frozen").innerText()).toContain("Country: China")
    for (const link of await copy.locator("nav li a").all()) {
      await link.click()
      expect(await copy.locator(".failure, .skeleton").count(), await link.innerText()).toBe(0)
      expect(await violations(copy)).toEqual([])
      expect(await copy.locator("table.bars button:enabled").count(), await link.innerText()).toBe(0)
    }
    await copy.getByRole("link", { name: "Overview" }).click()
    const csv = readFileSync((await saved(copy, "Net sales by category", "CSV")).path, "utf8")
    expect(csv).toBe(readFileSync((await saved(page, "Net sales by category", "CSV")).path, "utf8"))
    expect({ asked, wrongs }).toEqual({ asked: [address], wrongs: [] })

    const html = readFileSync(join(out, "index.html"), "utf8")
    const emails = await askPublished(
      shop,
      "select distinct email from $dim_customers where email like '%@%'",
    )
    expect(emails.length).toBeGreaterThan(100)
    expect(emails.filter(({ email }) => html.includes(email as string))).toEqual([])
    await page.close()
  })
}
