import { type Context, Hono } from "hono"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import { CartwrightError, messageOf } from "../core/errors.ts"
import { withoutPersonal } from "../metrics/personal.ts"
import type { PublishedShop } from "../metrics/published-shop.ts"
import {
  customerSchema,
  customersSchema,
  errorsSchema,
  namesIn,
  parseAs,
  parseQuery,
} from "../metrics/query.ts"
import type { Door } from "./access/door.ts"
import { addGate, adminOnly, bodyOf, type Gated } from "./access/gate.ts"
import { Annotations, noteSchema } from "./annotations.ts"
import type { VersionReply } from "./api.ts"
import { customerReply, customersReply } from "./customer-replies.ts"
import { dataReply, errorsReply } from "./data-reply.ts"
import { lineageReply } from "./lineage-reply.ts"
import { runsReply } from "./runs-reply.ts"
import type { LiveShop } from "./live-shop.ts"
import { openApi } from "./open-api.ts"
import type { PageFiles } from "./page-files.ts"
import { errorReply, Refusal } from "./refusal.ts"
import { explainReply, EXPORTS, exportReply, queryReply, type ServedShop, shopReply } from "./replies.ts"
import { turns } from "./turns.ts"

export interface AppOptions {
  live: LiveShop
  served: ServedShop
  files: PageFiles
  door: Door
  now: () => Date
  /** Called with what is no expected failure. */
  onBug: (error: unknown) => void
}

/** A question is at most so long, takes at most so many milliseconds, and so many are answered at once. */
const LIMITS = { characters: 8000, milliseconds: 20_000, atOnce: 4, waiting: 200, remembered: 500 }

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
}

const STATUS: Partial<Record<CartwrightError["code"], ContentfulStatusCode>> = {
  usage: 400,
  unsupported: 400,
  locked: 503,
}

/** The dashboard's server: it reads, and changes nothing but notes on dates. A viewer is told nothing personal. */
export function createApp({ live, served, files, door, now, onBug }: AppOptions): Hono<Gated> {
  const app = new Hono<Gated>()
  const annotations = new Annotations(served.folder)
  const inTurn = turns(LIMITS.atOnce, LIMITS.waiting)
  /** Replies by version and question, the longest unused first. */
  const remembered = new Map<string, string>()

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(HEADERS)) c.header(name, value)
  })
  addGate(app, door, now)

  /** Answers from a version by its ETag, by memory, or by asking it. */
  const reply = (
    c: Context<Gated>,
    key: string,
    ask: (shop: PublishedShop, signal: AbortSignal) => Promise<unknown>,
  ) =>
    live.use(async (shop) => {
      const { role } = c.get("reader")
      const tag = `"${shop.version.version}${role === "viewer" ? " viewer" : ""}"`
      c.header("etag", tag)
      c.header("cache-control", "private, no-cache")
      if (c.req.header("if-none-match") === tag) return c.body(null, 304)
      const name = `${tag} ${key}`
      let text = remembered.get(name)
      remembered.delete(name)
      if (text === undefined) {
        const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(LIMITS.milliseconds)])
        const told = await inTurn.take(signal, () => ask(shop, signal))
        text = JSON.stringify(role === "viewer" ? withoutPersonal(told, shop.personal) : told)
      }
      remembered.set(name, text)
      const [oldest] = remembered.keys()
      if (remembered.size > LIMITS.remembered && oldest !== undefined) remembered.delete(oldest)
      return c.body(text, 200, { "content-type": "application/json" })
    })

  app.get("/api/shop", (c) =>
    reply(c, "shop", (shop, signal) => {
      const hidden = c.get("reader").role === "viewer" ? shop.personal : new Set<string>()
      return shopReply(shop, served, hidden, signal)
    }),
  )
  app.get("/api/data", (c) => reply(c, "data", dataReply))
  app.get("/api/lineage", (c) =>
    reply(c, "lineage", (shop) => lineageReply(shop, served.manifestOf(shop.version.runId))),
  )
  // A run that failed published nothing, so runs are read anew each time.
  app.get("/api/runs", (c) => c.json(runsReply(served.runs), 200, { "cache-control": "no-store" }))
  app.get("/api/errors", (c) => {
    const query = parseAs(errorsSchema, asked(c))
    return reply(c, `errors ${JSON.stringify(query)}`, (shop, signal) => errorsReply(shop, query, signal))
  })
  app.get("/api/query", (c) => {
    const query = parseQuery(asked(c))
    return reply(c, `query ${JSON.stringify(query)}`, (shop, signal) =>
      queryReply(shop, permitted(c, shop, query), signal),
    )
  })
  app.get("/api/explain", (c) => {
    const query = parseQuery(asked(c))
    return reply(c, `explain ${JSON.stringify(query)}`, (shop, signal) =>
      explainReply(shop, permitted(c, shop, query), served, signal),
    )
  })
  app.get("/api/customers", (c) => {
    const query = parseAs(customersSchema, asked(c))
    return reply(c, `customers ${JSON.stringify(query)}`, (shop, signal) =>
      customersReply(shop, permitted(c, shop, query), signal),
    )
  })
  app.get("/api/customer", (c) => {
    const { customer } = parseAs(customerSchema, asked(c))
    return reply(c, `customer ${customer}`, (shop, signal) => customerReply(shop, customer, signal))
  })
  app.get("/api/export", (c) => {
    const query = parseQuery(asked(c))
    const format = c.req.query("format") === "parquet" ? "parquet" : "csv"
    const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(LIMITS.milliseconds)])
    return live.use(async (shop) => {
      const permittedQuery = permitted(c, shop, query)
      const file = await inTurn.take(signal, () => exportReply(shop, permittedQuery, format, signal))
      return c.body(new Uint8Array(file), 200, {
        "content-type": EXPORTS[format],
        "content-disposition": "attachment",
        "cache-control": "no-store",
      })
    })
  })
  app.get("/api/annotations", (c) => c.json(annotations.all(), 200, { "cache-control": "no-store" }))
  app.post("/api/annotations", adminOnly, async (c) => {
    annotations.add(await bodyOf(c, noteSchema), c.get("reader").name)
    return c.body(null, 204)
  })
  app.delete("/api/annotations/:id", adminOnly, (c) =>
    annotations.remove(c.req.param("id")) ? c.body(null, 204) : c.notFound(),
  )
  app.get("/api/version", (c) =>
    live.use(async ({ version }) =>
      c.json({ version: version.version } satisfies VersionReply, 200, { "cache-control": "no-store" }),
    ),
  )
  app.get("/api/openapi.json", (c) => c.json(openApi()))
  app.get("/*", async (c) => {
    const file = files.get(c.req.path)
    if (file === undefined) return c.notFound()
    return c.body(new Uint8Array(file.content), 200, {
      "content-type": file.type,
      "cache-control": file.caching,
    })
  })
  app.notFound((c) => c.json(errorReply("not found", `there is nothing at ${c.req.path}`), 404))
  app.onError((error, c) => {
    if (error instanceof Refusal)
      return c.json(errorReply(error.code, error.message, [], error.next), error.status)
    if (error instanceof CartwrightError)
      return c.json(
        errorReply(error.code, error.message, error.choices, error.next),
        STATUS[error.code] ?? 500,
      )
    if (error.name === "TimeoutError")
      return c.json(
        errorReply(
          "timeout",
          `the answer took more than ${LIMITS.milliseconds / 1000} s`,
          [],
          "Ask for a shorter period or fewer dimensions.",
        ),
        504,
      )
    // Nobody reads the reply to a question that was taken back.
    if (error.name === "AbortError") return c.body(null, 499 as ContentfulStatusCode)
    onBug(error)
    return c.json(errorReply("bug", "something is wrong in the program; its terminal says what"), 500)
  })
  return app
}

/** What `q` says, as yet unchecked. */
function asked(c: Context): unknown {
  const text = c.req.query("q") ?? ""
  if (text.length > LIMITS.characters)
    throw new CartwrightError("usage", `a question has at most ${LIMITS.characters} characters`, {
      next: "Choose fewer values.",
    })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CartwrightError("usage", `q is no JSON: ${messageOf(cause)}`, {
      next: 'Send a question such as q={"metrics":["sessions"]}; /api/openapi.json describes it.',
      cause,
    })
  }
}

/** @throws Refusal 403 where a viewer asks for what is personal: a condition by it would tell it too */
function permitted<T extends Parameters<typeof namesIn>[0]>(
  c: Context<Gated>,
  { personal }: PublishedShop,
  query: T,
): T {
  const name = c.get("reader").role === "viewer" && namesIn(query).find((each) => personal.has(each))
  if (typeof name === "string")
    throw new Refusal(403, "forbidden", `${name} is personal: only an admin sees it`)
  return query
}
