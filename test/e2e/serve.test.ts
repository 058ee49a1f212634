import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Annotation, DataReply, ExplainReply, QueryReply, ShopReply } from "../../src/server/api.ts"
import { cartwright, type Running, start, temporaryFolder } from "./lib/cli.ts"
import { LINES, writeOnlineRetail } from "./lib/online-retail.ts"
import { askPublished, currentVersion } from "./lib/published.ts"

describe("serve", () => {
  const home = temporaryFolder()
  const dir = join(home, "shop")
  let serving: Running
  let address = ""
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, address), { headers })
  const question = (query: unknown) => `/api/query?q=${encodeURIComponent(JSON.stringify(query))}`

  beforeAll(async () => {
    writeOnlineRetail(join(home, "files"))
    await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    const ran = await cartwright(["run", "--dir", dir])
    expect(ran.code, ran.stderr).toBe(0)
    serving = start(["serve", "--dir", dir, "--port", "0", "--json"])
    await serving.saw(/"address":"http/)
    address = /"address":"([^"]+)"/.exec(serving.output())?.[1] ?? ""
  })
  afterAll(async () => {
    serving.child.kill("SIGTERM")
    expect((await serving.ended).code).toBe(0)
  })

  test("tells the shop, answers a question as query does, and explains it", async () => {
    const shop = (await (await get("/api/shop")).json()) as ShopReply
    expect(shop).toMatchObject({ version: currentVersion(dir), coverage: { from: "2010-12-01" } })
    expect(shop.metrics.find(({ name }) => name === "sessions")?.missing).toContain("no source of this shop")
    const query = { metrics: ["net_sales", "orders"], by: ["country"] }
    const reply = (await (await get(question(query))).json()) as QueryReply
    const asked = await cartwright([
      "query",
      "--metric",
      "net_sales",
      "--metric",
      "orders",
      "--by",
      "country",
      "--dir",
      dir,
      "--json",
    ])
    expect(JSON.parse(asked.stdout)).toMatchObject({ rows: reply.rows, currency: "GBP" })
    const explained = (await (await get(question(query).replace("query", "explain"))).json()) as ExplainReply
    expect(explained.behind.models?.map(({ name }) => name)).toContain("fact_sales")
    expect(explained.sql.queries[0]).toContain('"net_sales"')
  })

  test("tells where every row went", async () => {
    const { datasets, screens } = (await (await get("/api/data")).json()) as DataReply
    const [invoices] = datasets
    if (invoices === undefined) throw new Error("no data set")
    const { received, rejected, repeated, replaced, deleted, current, unexplained } = invoices
    expect(received).toBe(LINES.length)
    expect({ unexplained, current }).toEqual({
      unexplained: 0,
      current: received - rejected - repeated - replaced - deleted,
    })
    expect(screens).toBeGreaterThan(5)
  })

  test("an answer has the version as its ETag, and is not sent twice", async () => {
    const first = await get(question({ metrics: ["orders"] }))
    const etag = first.headers.get("etag") ?? ""
    expect(etag).toBe(`"${currentVersion(dir)}"`)
    expect((await get(question({ metrics: ["orders"] }), { "if-none-match": etag })).status).toBe(304)
  })

  test("an answer is a file too: CSV and Parquet of the same rows, under the same conditions", async () => {
    const query = {
      metrics: ["net_sales", "orders"],
      by: ["country"],
      grain: "month",
      period: { from: "2011-01-01", to: "2011-06-30" },
      compare: "previous_period",
      where: [{ dimension: "country", is: ["France", "Belgium"] }],
    }
    const file = (format: string) => get(`${question(query).replace("query", "export")}&format=${format}`)
    const { rows } = (await (await get(question(query))).json()) as QueryReply
    const expected = rows.map(({ time, by, values, previous }) => [
      time,
      by["country"],
      ...["net_sales", "orders"].flatMap((name) => [values[name] ?? null, previous?.[name] ?? null]),
    ])
    expect(expected.length).toBeGreaterThan(1)
    const csv = await file("csv")
    expect(csv.headers.get("content-disposition")).toBe("attachment")
    const lines = (await csv.text()).trimEnd().split("\r\n")
    expect(lines).toEqual([
      "month,country,net_sales,net_sales_before,orders,orders_before",
      ...expected.map((cells) => cells.map((cell) => cell ?? "").join(",")),
    ])
    const path = join(home, "answer.parquet")
    writeFileSync(path, Buffer.from(await (await file("parquet")).arrayBuffer()))
    const stored = await askPublished(
      dir,
      `select * replace (cast(month as varchar) as month) from '${path}'`,
    )
    expect(stored.map((row) => Object.values(row))).toEqual(expected)
  })

  test("a note on a date stays in the shop's folder until it is removed", async () => {
    const change = (method: string, path: string, body: object, origin = new URL(address).origin) =>
      fetch(new URL(path, address), {
        method,
        headers: { "content-type": "application/json", origin },
        body: JSON.stringify(body),
      })
    const notes = async () => (await (await get("/api/annotations")).json()) as Annotation[]
    const note = { day: "2011-01-05", text: "Flood in the <warehouse>" }
    expect((await change("POST", "/api/annotations", note)).status).toBe(204)
    expect((await change("POST", "/api/annotations", { ...note, day: "2010-12-24" })).status).toBe(204)
    expect((await change("POST", "/api/annotations", note, "https://evil.example")).status).toBe(403)
    for (const wrong of [
      { ...note, day: "2011-02-30" },
      { ...note, text: " " },
      { ...note, text: "x".repeat(201) },
    ])
      expect((await change("POST", "/api/annotations", wrong)).status).toBe(400)
    const kept = await notes()
    expect(kept.map(({ day }) => day)).toEqual(["2010-12-24", "2011-01-05"])
    expect(JSON.parse(readFileSync(join(dir, "annotations.json"), "utf8"))).toEqual(kept)
    for (const { id } of kept) expect((await change("DELETE", `/api/annotations/${id}`, {})).status).toBe(204)
    expect((await change("DELETE", "/api/annotations/..%2f..%2fcartwright.yaml", {})).status).toBe(404)
    expect(await notes()).toEqual([])
  })

  test.each([
    ["no JSON", "/api/query?q={", 400, "q is no JSON"],
    ["an unknown key", question({ metrics: ["orders"], sql: "select 1" }), 400, "sql"],
    ["an unknown metric", question({ metrics: ["order"] }), 400, "did you mean orders?"],
    [
      "SQL in place of a name",
      question({ metrics: ["orders"], by: ['country" from x --'] }),
      400,
      "cannot be split by",
    ],
    ["too many rows", question({ metrics: ["orders"], limit: 1_000_000 }), 400, "limit"],
    [
      "too long a question",
      question({ metrics: ["orders"], where: [{ dimension: "country", is: ["x".repeat(9000)] }] }),
      400,
      "at most",
    ],
    ["another path", "/../../etc/passwd", 404, "there is nothing at"],
    ["a hidden path", "/%2e%2e/%2e%2e/package.json", 404, "there is nothing at"],
  ])("refuses %s", async (_, path, status, message) => {
    const reply = await get(path)
    expect({ status: reply.status, text: await reply.text() }).toEqual({
      status,
      text: expect.stringContaining(message) as string,
    })
  })

  test("a value is a value, whatever it holds", async () => {
    const where = [{ dimension: "country", is: ["France' or '1'='1", "%", "\\", "☃"] }]
    const reply = (await (await get(question({ metrics: ["orders"], where }))).json()) as QueryReply
    expect(reply.rows).toEqual([{ by: {}, values: { orders: 0 } }])
  })

  test("no stranger's page can ask, frame or script it", async () => {
    const status = await new Promise((done) => {
      const { hostname, port } = new URL(address)
      request({ hostname, port, path: "/api/shop", headers: { host: "evil.example" } }, (reply) =>
        done(reply.statusCode),
      ).end()
    })
    expect(status).toBe(421)
    const { headers } = await get("/api/shop")
    expect(headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(headers.get("x-frame-options")).toBe("DENY")
    expect(headers.get("access-control-allow-origin")).toBeNull()
    expect((await fetch(new URL("/api/query", address), { method: "POST", body: "{}" })).status).toBe(403)
  })

  test("describes itself to programs", async () => {
    const described = (await (await get("/api/openapi.json")).json()) as {
      components: { schemas: { Question: { properties: object } } }
    }
    expect(Object.keys(described.components.schemas.Question.properties)).toContain("metrics")
  })

  test("takes over a version that is published, without a failed request", async () => {
    const before = currentVersion(dir)
    const statuses = new Set<number>()
    const asking = { done: false }
    const asker = (async () => {
      while (!asking.done) statuses.add((await get(question({ metrics: ["orders"], grain: "day" }))).status)
    })()
    appendFileSync(
      join(home, "files", "data.csv"),
      "999999,85123A,ONE MORE,2,12/9/2011 12:50,2.50,17850,United Kingdom\r\n",
    )
    const ran = await cartwright(["run", "--dir", dir])
    expect(ran.code, ran.stderr).toBe(0)
    const reply = (await (await get(question({ metrics: ["orders"] }))).json()) as QueryReply
    asking.done = true
    await asker
    expect(reply.version).toBe(currentVersion(dir))
    expect(reply.version).not.toBe(before)
    expect([...statuses]).toEqual([200])
  })

  test("a port that is taken is said", async () => {
    const { port } = new URL(address)
    expect(await cartwright(["serve", "--dir", dir, "--port", port])).toMatchObject({
      code: 9,
      stderr: expect.stringContaining(`port ${port} is taken`) as string,
    })
  })
})
