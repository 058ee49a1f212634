import { type Block, text } from "./document.ts"
import type { DataModel } from "./model.ts"
import { busMatrixPage } from "./pages/bus-matrix.ts"
import { conceptualPage } from "./pages/conceptual.ts"
import { logicalPage } from "./pages/logical.ts"
import { operationalPage } from "./pages/operational.ts"
import { physicalPage } from "./pages/physical.ts"

/** The pages of a data model by name, from what the shop is about to how it is stored. */
const PAGES: Readonly<Record<string, (model: DataModel) => Block[]>> = {
  conceptual: conceptualPage,
  "bus-matrix": busMatrixPage,
  logical: logicalPage,
  physical: physicalPage,
  operational: operationalPage,
}

export const PAGE_NAMES = Object.keys(PAGES)

/** Every page, one after the other. */
export function allPages(model: DataModel): Block[] {
  return Object.values(PAGES).flatMap((page) => page(model))
}

/** One page by name, with a note below its title. */
export function pageWithNote(model: DataModel, name: string, note: string): Block[] {
  const [title, ...rest] = PAGES[name]?.(model) ?? []
  return title === undefined ? [] : [title, text(note), ...rest]
}
