import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { CartwrightError } from "../../core/errors.ts"
import { matches } from "./passwords.ts"
import type { Role, User, UserFile, Users } from "./user-file.ts"

/** Who asks. Without a name where this machine needs no sign-in. */
export interface Reader {
  name: string | undefined
  role: Role
}

/** How long a signature in a cookie holds, in seconds. */
export const SIGNED_IN_FOR = 7 * 86_400

const TOKEN = "cartwright_"

/** A fresh token for programs, and what is kept of it. */
export function newToken(expires: Date): { token: string; kept: User["tokens"][number] } {
  const token = TOKEN + randomBytes(32).toString("base64url")
  return { token, kept: { hash: tokenHash(token), expires: expires.toISOString() } }
}

/** @returns the cookie's value; undefined where name and password do not fit */
export async function signIn(
  file: UserFile,
  { name, password }: { name: string; password: string },
  now: Date,
): Promise<string | undefined> {
  const users = file.users()
  const user = userOf(users, name)
  if (!(await matches(password, user?.password)) || user === undefined) return undefined
  const content = { name, expires: now.getTime() + SIGNED_IN_FOR * 1000 }
  const text = Buffer.from(JSON.stringify(content)).toString("base64url")
  return `${text}.${signature(users, user, text)}`
}

/** Whose cookie it is. A new password ends all that were signed before. */
export function readerOfCookie(file: UserFile, cookie: string, now: Date): Reader | undefined {
  const [text = "", signed = ""] = cookie.split(".")
  const users = file.users()
  let name: unknown
  let expires: unknown
  try {
    ;({ name, expires } = JSON.parse(Buffer.from(text, "base64url").toString()) as Record<string, unknown>)
  } catch {
    return undefined
  }
  if (typeof name !== "string" || typeof expires !== "number" || expires <= now.getTime()) return undefined
  const user = userOf(users, name)
  if (user === undefined || !equal(signed, signature(users, user, text))) return undefined
  return { name, role: user.role }
}

export function readerOfToken(file: UserFile, token: string, now: Date): Reader | undefined {
  if (!token.startsWith(TOKEN)) return undefined
  const hash = tokenHash(token)
  for (const [name, { role, tokens }] of Object.entries(file.users().users))
    if (tokens.some((kept) => equal(kept.hash, hash) && Date.parse(kept.expires) > now.getTime()))
      return { name, role }
  return undefined
}

/** @throws CartwrightError `usage` */
export function checkPassword(password: string): void {
  if (password.length < 12 || password.length > 1000)
    throw new CartwrightError("usage", "a password has 12 to 1000 characters", {
      next: "Take four words that nobody else would put together.",
      state: "Nothing was changed.",
    })
}

function userOf({ users }: Users, name: string): User | undefined {
  return Object.hasOwn(users, name) ? users[name] : undefined
}

function signature({ secret }: Users, { password }: User, text: string): string {
  return createHmac("sha256", `${secret} ${password}`).update(text).digest("base64url")
}

function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("base64url")
}

function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
