import { type Browser, chromium as driver, type Page } from "playwright-core"
import { expect } from "vitest"
import { type Running, start } from "../../e2e/lib/cli.ts"

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

/** Chromium and the shops that are served to it. */
export interface Dashboards {
  /** What a page did that it must not: errors, and addresses elsewhere. */
  wrongs: string[]
  /** Serves a shop. */
  serve(shop: string): Running
  /** Opens a page of it, and waits until all is there. */
  open(running: Running, search?: string, width?: number): Promise<Page>
  close(): Promise<void>
}

export async function openDashboards(executablePath: string): Promise<Dashboards> {
  const browser: Browser = await driver.launch({ executablePath, args: FLAGS })
  const wrongs: string[] = []
  const serving: Running[] = []
  return {
    wrongs,
    serve(shop) {
      const running = start(["serve", "--dir", shop, "--port", "0", "--json"])
      serving.push(running)
      return running
    },
    async open(running, search = "", width = 1360) {
      await running.saw(/"address":"http/)
      const address = /"address":"([^"]+)"/.exec(running.output())?.[1] ?? ""
      const page = await browser.newPage({ viewport: { width, height: 900 }, locale: "en-US" })
      page.setDefaultTimeout(120_000)
      page.on("pageerror", (error) => wrongs.push(error.message))
      page.on("console", (message) => message.type() === "error" && wrongs.push(message.text()))
      page.on(
        "request",
        (request) =>
          request.url().startsWith(address) ||
          /^(?:data|blob):/.test(request.url()) ||
          wrongs.push(request.url()),
      )
      await page.goto(address + search)
      await settled(page)
      return page
    },
    async close() {
      await browser.close()
      for (const running of serving) {
        running.child.kill("SIGTERM")
        await running.ended
      }
    },
  }
}

/** Until nothing is on its way. */
export async function settled(page: Page): Promise<void> {
  // What was just done is shown two frames later at the latest.
  await page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
  await page.waitForLoadState("networkidle")
  await expect.poll(() => page.locator(".skeleton, [aria-busy=true]").count(), { timeout: 90_000 }).toBe(0)
}

export function figure(page: Page, name: string): Promise<string> {
  return page
    .locator(".figure", { has: page.getByRole("button", { name, exact: true }) })
    .locator(".value")
    .innerText()
}

export function card(page: Page, title: string) {
  return page.locator(".card", { has: page.getByRole("heading", { name: title, exact: true }) })
}

/** A table of a card as texts, without its head. */
export async function rowsOf(page: Page, title: string): Promise<string[][]> {
  const rows = await card(page, title).locator("tbody tr").all()
  return Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()))
}

/** A number as a page writes it. */
export function number(text = ""): number {
  return Number(text.replaceAll(/[^0-9.-]/g, ""))
}
