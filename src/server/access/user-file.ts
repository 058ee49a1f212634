import { randomBytes } from "node:crypto"
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs"
import { platform } from "node:os"
import { join } from "node:path"
import * as z from "zod"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import { replaceFile } from "../../storage/local/whole-file.ts"

/** A viewer sees no personal data and changes nothing. */
export const ROLES = ["viewer", "admin"] as const
export type Role = (typeof ROLES)[number]

const token = z.strictObject({
  /** SHA-256 of the token, which has 256 random bits: nothing slower is needed. */
  hash: z.string(),
  expires: z.iso.datetime(),
})
const user = z.strictObject({
  role: z.enum(ROLES),
  /** As {@link hashed} makes it. */
  password: z.string(),
  tokens: z.array(token).default([]),
})
const schema = z.strictObject({
  /** Signs the cookies. */
  secret: z.string().min(32),
  users: z.record(z.string(), user),
})

export type User = z.output<typeof user>
export type Users = z.output<typeof schema>

const NAME = "access.json"

/** Who may sign in to a shop: a file in its folder that only its owner can read and that git leaves out. */
export class UserFile {
  readonly path: string
  readonly #folder: string
  #read: { changed: number; users: Users } | undefined

  constructor(folder: string) {
    this.#folder = folder
    this.path = join(folder, NAME)
  }

  /** @throws CartwrightError `config` where the file is damaged or others can read it */
  users(): Users {
    if (!existsSync(this.path)) return { secret: randomBytes(32).toString("base64url"), users: {} }
    const { mode, mtimeMs } = statSync(this.path)
    if (platform() !== "win32" && (mode & 0o077) !== 0)
      throw new CartwrightError("config", "others of this machine can read who may sign in", {
        place: this.path,
        next: `Run \`chmod 600 ${this.path}\`, and give the users new passwords.`,
        state: "Nobody can sign in.",
      })
    if (this.#read?.changed !== mtimeMs) this.#read = { changed: mtimeMs, users: this.#parsed() }
    return this.#read.users
  }

  #parsed(): Users {
    try {
      return schema.parse(JSON.parse(readFileSync(this.path, "utf8")))
    } catch (cause) {
      throw new CartwrightError(
        "config",
        `the file of users cannot be read: ${cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)}`,
        {
          place: this.path,
          next: "Restore it from a backup, or delete it and add the users again with `cartwright users add`.",
          state: "Nobody can sign in.",
          cause,
        },
      )
    }
  }

  /** Replaces one user, or removes them. */
  write(name: string, changed: User | undefined): void {
    const { secret, users } = this.users()
    const { [name]: _, ...others } = users
    const next: Users = { secret, users: changed === undefined ? others : { ...others, [name]: changed } }
    this.#ignoreInGit()
    replaceFile(this.path, `${JSON.stringify(next, null, 2)}\n`, true, 0o600)
    this.#read = undefined
  }

  #ignoreInGit(): void {
    const ignored = join(this.#folder, ".gitignore")
    const text = existsSync(ignored) ? readFileSync(ignored, "utf8") : ""
    if (!text.split(/\r?\n/).includes(NAME))
      appendFileSync(ignored, `${text === "" || text.endsWith("\n") ? "" : "\n"}${NAME}\n`)
  }
}
