import { getConnInfo } from "@hono/node-server/conninfo"
import type { Context, Hono, MiddlewareHandler } from "hono"
import { bodyLimit } from "hono/body-limit"
import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import * as z from "zod"
import type { SessionReply } from "../api.ts"
import { Refusal } from "../refusal.ts"
import { turns } from "../turns.ts"
import { attempts } from "./attempts.ts"
import { type Reader, readerOfCookie, readerOfToken, SIGNED_IN_FOR, signIn } from "./credentials.ts"
import type { Door } from "./door.ts"

/** What the gate tells the routes behind it. */
export interface Gated {
  Variables: { reader: Reader }
}

const MOST_BYTES = 16_384
/** Guesses that are computed at once, each 64 MiB, and that may wait. */
const GUESSES = { atOnce: 2, waiting: 20 }
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"]

const signInSchema = z.strictObject({ name: z.string().min(1).max(100), password: z.string().max(1000) })

/** Lets in who may come in, before all other routes, and lets people sign in and out. */
export function addGate(app: Hono<Gated>, door: Door, now: () => Date): void {
  const made = attempts(() => now().getTime())
  const guesses = turns(GUESSES.atOnce, GUESSES.waiting)
  const secure = door.publicUrl?.protocol === "https:"
  const cookie = secure ? "__Host-cartwright" : "cartwright"
  const cookieOptions = { path: "/", httpOnly: true, sameSite: "Strict", secure } as const

  app.use(knownName(door))
  app.use(
    bodyLimit({
      maxSize: MOST_BYTES,
      onError: () => {
        throw new Refusal(413, "too large", `a request has at most ${MOST_BYTES} bytes`)
      },
    }),
  )
  app.use(ownChanges(door))

  app.post("/api/session", async (c) => {
    const { users } = door
    if (users === undefined) throw new Refusal(404, "not found", "this server needs no sign-in")
    const { name, password } = await bodyOf(c, signInSchema)
    const address = addressOf(c, door)
    const seconds = made.wait(name, address)
    if (seconds > 0) {
      c.header("retry-after", String(seconds))
      throw new Refusal(
        429,
        "throttled",
        "too many attempts",
        `Try again in ${Math.ceil(seconds / 60)} minutes.`,
      )
    }
    // Counted before it is known, so that many at once are no way around it.
    made.failed(name, address)
    const signed = await guesses.take(c.req.raw.signal, () => signIn(users, { name, password }, now()))
    if (signed === undefined) throw new Refusal(401, "sign-in", "name and password do not fit")
    made.succeeded(name, address)
    setCookie(c, cookie, signed, { ...cookieOptions, maxAge: SIGNED_IN_FOR })
    return c.body(null, 204)
  })
  app.delete("/api/session", (c) => {
    deleteCookie(c, cookie, cookieOptions)
    return c.body(null, 204)
  })

  app.use("/api/*", async (c, next) => {
    const reader = readerOf(c, door, getCookie(c, cookie), now())
    if (reader === undefined)
      throw new Refusal(
        401,
        "sign-in",
        "this server answers only to who signed in",
        "Sign in, or send a token.",
      )
    c.set("reader", reader)
    await next()
  })
  app.get("/api/session", (c) => {
    const { name, role } = c.get("reader")
    return c.json({ name, role } satisfies SessionReply, 200, { "cache-control": "no-store" })
  })
}

/** Lets only an admin change something. */
export const adminOnly: MiddlewareHandler<Gated> = async (c, next) => {
  if (c.get("reader").role !== "admin") throw new Refusal(403, "forbidden", "only an admin may do this")
  await next()
}

/** @throws Refusal 400 */
export async function bodyOf<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const parsed = schema.safeParse(await c.req.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  throw new Refusal(400, "usage", z.prettifyError(parsed.error).replaceAll("✖ ", "").replaceAll("\n", " "))
}

function readerOf(
  c: Context,
  { users, role }: Door,
  cookie: string | undefined,
  now: Date,
): Reader | undefined {
  if (users === undefined) return { name: undefined, role }
  const token = /^Bearer +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1]
  if (token !== undefined) return readerOfToken(users, token, now)
  return cookie === undefined ? undefined : readerOfCookie(users, cookie, now)
}

/** A stranger's page can reach this server by a name that it points here; only the server's own names are answered. */
function knownName({ hosts, users }: Door): MiddlewareHandler {
  return async (c, next) => {
    if (!hosts.includes(c.req.header("host") ?? ""))
      throw new Refusal(421, "host", "this server has another name", "Name it with --public-url.")
    if (users === undefined && FORWARDED.some((name) => c.req.header(name) !== undefined))
      throw new Refusal(
        403,
        "proxy",
        "a proxy stands before this server, which asks nobody to sign in",
        "Start it with --public-url and the address that people use.",
      )
    await next()
  }
}

/** A change must come from the server's own page, or from a program: a page elsewhere can send neither JSON nor our Origin. */
function ownChanges({ hosts, publicUrl }: Door): MiddlewareHandler {
  return async (c, next) => {
    if (["GET", "HEAD", "OPTIONS"].includes(c.req.method)) return next()
    const origin = c.req.header("origin")
    const own = [...hosts.map((host) => `http://${host}`), publicUrl?.origin].some(
      (each) => each !== undefined && each === origin,
    )
    const fromProgram = origin === undefined && c.req.header("cookie") === undefined
    const isJson = /^application\/json\b/i.test(c.req.header("content-type") ?? "")
    if (!(own || fromProgram) || !isJson)
      throw new Refusal(403, "origin", "changes come from this server's own page, as JSON")
    return next()
  }
}

/** Who tries, behind a proxy as the proxy says; what the client itself claims comes before that. */
function addressOf(c: Context, { publicUrl }: Door): string {
  const forwarded = publicUrl === undefined ? undefined : c.req.header("x-forwarded-for")?.split(",").at(-1)
  return forwarded?.trim() ?? getConnInfo(c).remote.address ?? ""
}
