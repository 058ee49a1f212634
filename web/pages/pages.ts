import type { ComponentType } from "preact"
import { behaviour } from "./behaviour/page.tsx"
import { customers } from "./customers/page.tsx"
import { data } from "./data/page.tsx"
import { funnel } from "./funnel/page.tsx"
import { overview } from "./overview/page.tsx"
import { products } from "./products/page.tsx"

/** A page: its folder exports one of these. */
export interface PageDeclaration {
  name: string
  title: string
  /** The question that it answers. */
  question: string
  /** The metric without which there is nothing to show; a page without one has no period and no filters. */
  needs?: string
  /** Metrics and dimensions that only a part of it needs. A shop without them is told what it does not see, and why. */
  wants?: { metrics?: readonly string[]; dimensions?: readonly string[] }
  component: ComponentType
}

/** In the order of the navigation. */
export const PAGES: readonly PageDeclaration[] = [overview, funnel, behaviour, products, customers, data]
