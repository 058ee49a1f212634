import { appendFileSync, chmodSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import type { Annotation, QueryReply, SessionReply, ShopReply } from "../../src/server/api.ts"
import { cartwright, resultOf, type Running, start, temporaryFolder } from "./lib/cli.ts"
import { writeOnlineRetail } from "./lib/online-retail.ts"

const PASSWORDS = { anna: "four words of anna's", vera: "vera has others, too" }

/** A dimension that is personal since its column is (customer_name has meta: pii). */
const PERSONAL = `semantic_models:
  - name: named_customers
    model: ref('dim_customers')
    entities: [{name: customer, type: primary, expr: customer_key}]
    dimensions: [{name: buyer, label: Buyer, type: categorical, expr: "coalesce(customer_name, 'nobody')"}]
`

describe("access", () => {
  const home = temporaryFolder()
  const dir = join(home, "shop")
  let serving: Running
  let address = ""
  const question = (query: unknown, what = "query") =>
    `/api/${what}?q=${encodeURIComponent(JSON.stringify(query))}`
  const byBuyer = { metrics: ["orders"], by: ["buyer"] }

  const users = (args: string[], password = "") => {
    const running = start(["users", ...args, "--dir", dir, "--json"])
    running.child.stdin?.end(`${password}\n`)
    return running.ended
  }
  const serve = async (...args: string[]) => {
    const running = start(["serve", "--dir", dir, "--port", "0", "--json", ...args])
    await running.saw(/"address":"http/)
    return { running, address: /"address":"([^"]+)"/.exec(running.output())?.[1] ?? "" }
  }
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, address), { headers })
  const change = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(new URL(path, address), {
      method,
      headers: { "content-type": "application/json", origin: new URL(address).origin, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    })
  const signIn = async (name: keyof typeof PASSWORDS) => {
    const reply = await change("POST", "/api/session", { name, password: PASSWORDS[name] })
    expect(reply.status).toBe(204)
    return reply.headers.get("set-cookie") ?? ""
  }
  const cookieOf = (header: string) => ({ cookie: header.split(";")[0] ?? "" })

  beforeAll(async () => {
    writeOnlineRetail(join(home, "files"))
    await cartwright(["init", "files", "--dir", "shop"], { cwd: home })
    const ran = await cartwright(["run", "--dir", dir])
    expect(ran.code, ran.stderr).toBe(0)
    writeFileSync(join(dir, "dbt", "models", "personal.yml"), PERSONAL)
    const refused = await cartwright(["serve", "--dir", dir, "--host", "127.0.0.2", "--port", "0"])
    expect({ code: refused.code, text: refused.stderr }).toMatchObject({
      code: 2,
      text: expect.stringContaining("cartwright users add") as string,
    })
    for (const [name, role] of [
      ["anna", "admin"],
      ["vera", "viewer"],
    ] as const) {
      const added = await users(["add", name, "--role", role], PASSWORDS[name])
      expect(added.code, added.stderr).toBe(0)
    }
    ;({ running: serving, address } = await serve("--host", "127.0.0.2"))
  })
  afterAll(async () => {
    serving.child.kill("SIGTERM")
    expect((await serving.ended).code).toBe(0)
  })

  test("the file of users is its owner's only, git leaves it out, and it holds no password", async () => {
    const path = join(dir, "access.json")
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(dir, ".gitignore"), "utf8").split("\n")).toContain("access.json")
    const text = readFileSync(path, "utf8")
    for (const password of Object.values(PASSWORDS)) expect(text).not.toContain(password)
    expect(text.match(/scrypt\$65536\$8\$2\$/g)).toHaveLength(2)
    expect(resultOf(await users(["list"]))).toMatchObject({
      users: [
        { name: "anna", role: "admin", tokens: 0 },
        { name: "vera", role: "viewer", tokens: 0 },
      ],
    })
    chmodSync(path, 0o644)
    expect((await users(["list"])).stdout).toContain("chmod 600")
    chmodSync(path, 0o600)
  })

  test.each([
    [["add", "anna"], "a good password", "there is a user anna already"],
    [["add", "zoe"], "short", "12 to 1000"],
    [["add", "../zoe"], "a good password", "cannot be a name"],
    [["remove", "ana"], "", "did you mean anna?"],
    [["list", "anna"], "", "takes no name"],
    [["token", "anna", "--days", "0"], "", "--days"],
  ])("users %j is refused", async (args, password, message) => {
    const ended = await users(args, password)
    expect(ended.code).toBe(2)
    expect(ended.stdout).toContain(message)
  })

  test("nothing but the page is told to who did not sign in", async () => {
    for (const path of [
      "/api/shop",
      "/api/data",
      "/api/version",
      "/api/session",
      "/api/openapi.json",
      "/api/x",
    ])
      expect({ path, status: (await get(path)).status }).toEqual({ path, status: 401 })
    expect((await get(question({ metrics: ["orders"] }))).status).toBe(401)
    expect((await get("/")).headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
  })

  test("who signs in is known by a cookie that no script and no other site gets", async () => {
    const header = await signIn("anna")
    expect(header).toMatch(/^cartwright=[\w-]+\.[\w-]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/)
    expect((await (await get("/api/session", cookieOf(header))).json()) as SessionReply).toEqual({
      name: "anna",
      role: "admin",
    })
    const out = await change("DELETE", "/api/session", {}, cookieOf(header))
    expect(out.headers.get("set-cookie")).toContain("Max-Age=0")
  })

  test("a cookie that was forged, or has expired, is none", async () => {
    const [content = "", signed = ""] = (cookieOf(await signIn("vera")).cookie.split("=")[1] ?? "").split(".")
    const as = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
    const far = Date.now() + 1e9
    for (const forged of [
      `${as({ name: "anna", expires: far })}.${signed}`,
      `${as({ name: "vera", expires: far })}.${signed}`,
      `${as({ name: "__proto__", expires: far })}.${signed}`,
      `${content}.`,
      content,
      `.${signed}`,
      "x.y",
    ])
      expect((await get("/api/session", { cookie: `cartwright=${forged}` })).status, forged).toBe(401)
  })

  test("a new password ends sessions, and removing a user does", async () => {
    await users(["add", "zoe"], "zoe's first password")
    const signed = await change("POST", "/api/session", { name: "zoe", password: "zoe's first password" })
    const cookie = cookieOf(signed.headers.get("set-cookie") ?? "")
    expect((await get("/api/session", cookie)).status).toBe(200)
    await users(["password", "zoe"], "zoe's second password")
    expect((await get("/api/session", cookie)).status).toBe(401)
    const again = await change("POST", "/api/session", { name: "zoe", password: "zoe's second password" })
    await users(["remove", "zoe"])
    expect((await get("/api/session", cookieOf(again.headers.get("set-cookie") ?? ""))).status).toBe(401)
  })

  test("a viewer is told nothing personal: neither offered, nor answered, nor as a condition", async () => {
    const [anna, vera] = [cookieOf(await signIn("anna")), cookieOf(await signIn("vera"))]
    const known = async (cookie: Record<string, string>) =>
      ((await (await get("/api/shop", cookie)).json()) as ShopReply).dimensions.map(({ name }) => name)
    expect(await known(anna)).toContain("buyer")
    expect(await known(vera)).not.toContain("buyer")
    expect(await known(vera)).toContain("country")
    const told = await get(question(byBuyer), anna)
    expect(((await told.json()) as QueryReply).rows.length).toBeGreaterThan(1)
    const where = { metrics: ["orders"], where: [{ dimension: "buyer", is: ["12583"] }] }
    for (const query of [byBuyer, where])
      for (const what of ["query", "explain", "export"])
        expect((await get(question(query, what), vera)).status, what).toBe(403)
    const note = { day: "2011-01-05", text: "A flood" }
    expect((await change("POST", "/api/annotations", note, vera)).status).toBe(403)
    expect((await change("POST", "/api/annotations", note, anna)).status).toBe(204)
    const [kept] = (await (await get("/api/annotations", vera)).json()) as Annotation[]
    expect(kept).toMatchObject({ ...note, by: "anna" })
    expect((await change("DELETE", `/api/annotations/${kept?.id}`, {}, vera)).status).toBe(403)
    // What a browser keeps of an admin is not what a viewer's request stands for.
    const etag = (await get(question({ metrics: ["orders"] }), anna)).headers.get("etag") ?? ""
    expect((await get(question({ metrics: ["orders"] }), { ...vera, "if-none-match": etag })).status).toBe(
      200,
    )
  })

  test("a program asks with a token, as its user may, until it is revoked", async () => {
    const made = resultOf(await users(["token", "vera", "--days", "2"]))
    const headers = { authorization: `Bearer ${String(made["token"])}` }
    expect(readFileSync(join(dir, "access.json"), "utf8")).not.toContain(String(made["token"]))
    expect((await get(question({ metrics: ["orders"] }), headers)).status).toBe(200)
    expect((await get(question(byBuyer), headers)).status).toBe(403)
    expect((await get("/api/shop", { authorization: `${headers.authorization}x` })).status).toBe(401)
    expect((await (await get("/api/openapi.json", headers)).json()) as object).toMatchObject({
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    })
    await users(["token", "vera", "--revoke"])
    expect((await get("/api/shop", headers)).status).toBe(401)
  })

  test("changes come from the own page, as JSON, and are small", async () => {
    const cookie = cookieOf(await signIn("anna"))
    const signOut = (headers: Record<string, string>, body = "{}") =>
      change("DELETE", "/api/session", body, { ...cookie, ...headers })
    expect((await signOut({ origin: "https://evil.example" })).status).toBe(403)
    expect((await signOut({ origin: "null" })).status).toBe(403)
    expect((await signOut({ "content-type": "text/plain" })).status).toBe(403)
    expect((await signOut({ "content-type": "application/x-www-form-urlencoded" })).status).toBe(403)
    const noOrigin = await fetch(new URL("/api/session", address), {
      method: "DELETE",
      headers: { ...cookie, "content-type": "application/json" },
      body: "{}",
    })
    expect(noOrigin.status).toBe(403)
    expect((await signOut({}, `"${"x".repeat(20_000)}"`)).status).toBe(413)
    expect((await change("POST", "/api/session", { name: { $ne: 1 }, password: [] })).status).toBe(400)
    expect((await change("POST", "/api/session", "{")).status).toBe(400)
    expect((await get("/api/shop", { ...cookie, "x-long": "x".repeat(20_000) })).status).toBe(431)
  })

  test("no name but its own is answered, and no path leaves the page's files", async () => {
    const raw = (path: string, host: string) =>
      new Promise((done) => {
        const { hostname, port } = new URL(address)
        request({ hostname, port, path, headers: { host } }, (reply) => done(reply.statusCode)).end()
      })
    const { host } = new URL(address)
    expect(await raw("/", "evil.example")).toBe(421)
    expect(await raw("/", "127.0.0.2.evil.example")).toBe(421)
    for (const path of [
      "/../access.json",
      "/..%2f..%2faccess.json",
      "/%2e%2e/access.json",
      "/assets/..%5c..%5caccess.json",
      "//etc/passwd",
      "/access.json",
      "/index.html%00",
    ])
      expect({ path, status: await raw(path, host) }).toEqual({ path, status: 404 })
  })

  test("guessing is slowed down, and waiting is told", async () => {
    const guess = (password: string) => change("POST", "/api/session", { name: "vera", password })
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await guess(`guess ${i}`)).status)
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429])
    const right = await guess(PASSWORDS.vera)
    expect(right.status).toBe(429)
    expect(Number(right.headers.get("retry-after"))).toBeGreaterThan(600)
  })

  test("behind a proxy the address is https, the cookie secure, and loopback asks for sign-in", async () => {
    const proxied = await serve("--public-url", "https://numbers.example.com")
    try {
      const { hostname, port } = new URL(proxied.address)
      const ask = (method: string, headers: Record<string, string>, body = "") =>
        new Promise<{ status: number | undefined; cookie: string }>((done) => {
          request({ hostname, port, path: "/api/session", method, headers }, (reply) => {
            reply.resume()
            done({ status: reply.statusCode, cookie: String(reply.headers["set-cookie"]) })
          }).end(body)
        })
      const host = "numbers.example.com"
      expect((await ask("GET", { host })).status).toBe(401)
      expect((await ask("GET", { host: `127.0.0.1:${port}` })).status).toBe(401)
      const signed = await ask(
        "POST",
        { host, origin: `https://${host}`, "content-type": "application/json" },
        JSON.stringify({ name: "anna", password: PASSWORDS.anna }),
      )
      expect(signed.cookie).toMatch(/^__Host-cartwright=.*; HttpOnly; Secure; SameSite=Strict$/)
    } finally {
      proxied.running.child.kill("SIGTERM")
      await proxied.running.ended
    }
  })

  test("on this machine nobody signs in, unless a proxy brings others here", async () => {
    const local = await serve()
    try {
      const session = (headers: Record<string, string>) =>
        fetch(new URL("/api/session", local.address), { headers })
      expect(await (await session({})).json()).toEqual({ role: "admin" })
      expect((await session({ "x-forwarded-for": "203.0.113.9" })).status).toBe(403)
    } finally {
      local.running.child.kill("SIGTERM")
      await local.running.ended
    }
  })

  test("a damaged file of users lets nobody in", async () => {
    const path = join(dir, "access.json")
    appendFileSync(path, "}")
    const ended = await users(["list"])
    expect({ code: ended.code, text: ended.stdout }).toMatchObject({
      code: 2,
      text: expect.stringContaining("the file of users cannot be read") as string,
    })
    expect((await get("/api/shop", { cookie: "cartwright=x.y" })).status).toBe(500)
  })
})
