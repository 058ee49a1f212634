import { mkdirSync, writeFileSync } from "node:fs"
import { dirname, extname } from "node:path"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { Block } from "./document.ts"
import type { DataModel } from "./model.ts"
import { allPages } from "./pages.ts"
import { html } from "./render/html.ts"
import { markdown } from "./render/markdown.ts"

type Form = (title: string, blocks: readonly Block[]) => string

/** The forms of a whole document, by the ending of its file. */
const FORMS: Readonly<Record<string, Form>> = {
  ".html": html,
  ".md": (_, blocks) => markdown(blocks),
}

/**
 * How a file of this name is written.
 * @throws CartwrightError `usage` for an ending that is none of ours
 */
export function formOf(file: string): Form {
  const ending = extname(file)
  const form = FORMS[ending]
  if (form !== undefined) return form
  const what = ending === "" ? "to a file without an ending" : `as ${ending}`
  throw new CartwrightError("usage", `the data model cannot be written ${what}`, {
    place: file,
    choices: Object.keys(FORMS),
    next: "Name a file with one of these endings.",
    state: "Nothing was written.",
  })
}

/**
 * Writes the whole data model as one document, in the place of what is there.
 * @throws CartwrightError `environment` where the file cannot be written
 */
export function writeDataModel(model: DataModel, title: string, file: string): void {
  const document = formOf(file)(title, allPages(model))
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, document)
  } catch (cause) {
    throw new CartwrightError("environment", `writing the data model: ${messageOf(cause)}`, {
      place: file,
      next: "Name a place that can be written.",
      state: "The shop is unchanged.",
      cause,
    })
  }
}
