import { randomUUID } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import * as z from "zod"
import { CartwrightError, messageOf } from "../core/errors.ts"
import { isDay } from "../metrics/period.ts"
import { replaceFile } from "../storage/local/whole-file.ts"
import type { Annotation } from "./api.ts"

export const noteSchema = z.strictObject({
  day: z.string().refine(isDay, "expected a day such as 2026-01-31"),
  text: z.string().trim().min(1).max(200),
})

const schema = z.array(z.strictObject({ id: z.string(), ...noteSchema.shape, by: z.string().optional() }))

const NAME = "annotations.json"
const MOST = 1000

/** What people wrote on dates: a file in the shop's folder, which may go into version control. */
export class Annotations {
  readonly #path: string

  constructor(folder: string) {
    this.#path = join(folder, NAME)
  }

  /** By day. @throws CartwrightError `config` where the file is damaged */
  all(): Annotation[] {
    if (!existsSync(this.#path)) return []
    try {
      return schema.parse(JSON.parse(readFileSync(this.#path, "utf8")))
    } catch (cause) {
      throw new CartwrightError(
        "config",
        `the notes cannot be read: ${cause instanceof z.ZodError ? z.prettifyError(cause) : messageOf(cause)}`,
        { place: this.#path, next: "Mend the file, or delete it.", state: "Nothing was changed.", cause },
      )
    }
  }

  /** @throws CartwrightError `usage` where there are too many */
  add(note: z.output<typeof noteSchema>, by: string | undefined): void {
    const all = this.all()
    if (all.length >= MOST)
      throw new CartwrightError("usage", `there are ${MOST} notes already`, {
        next: "Remove some first.",
        state: "Nothing was changed.",
      })
    const added = { id: randomUUID(), ...note, ...(by === undefined ? {} : { by }) }
    this.#write([...all, added].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)))
  }

  /** @returns whether there was such a note */
  remove(id: string): boolean {
    const all = this.all()
    const others = all.filter((each) => each.id !== id)
    if (others.length < all.length) this.#write(others)
    return others.length < all.length
  }

  #write(all: readonly Annotation[]): void {
    replaceFile(this.#path, `${JSON.stringify(all, null, 2)}\n`, true)
  }
}
