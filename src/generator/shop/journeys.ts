import { BROWSERS, VIEWS_PER_VISIT, VISIT_SOURCES } from "../planted.ts"
import { of16 } from "../random.ts"
import { literalTable } from "../sql.ts"

/**
 * The steps of a visit are bits of a number: home, then for each of up to six products its department page, its page and
 * its going into the cart, at last purchase or cancel.
 */
export const STEP = { home: 0, purchase: 19, cancel: 20 } as const
export const MAX_VIEWS = VIEWS_PER_VISIT.length

/** The bit of a product's department page (0), page (1) or cart (2). */
export function productStep(view: number, part: 0 | 1 | 2): number {
  return 1 + 3 * (view - 1) + part
}

/** All bits of one part over the products. */
export function partMask(part: 0 | 1 | 2): number {
  return Array.from({ length: MAX_VIEWS }, (_, i) => 2 ** productStep(i + 1, part)).reduce((a, b) => a + b)
}

/** Chance per viewed product of going into the cart that gives the planted chance per visit with a viewed product. */
export function cartPerView(perVisit: number): number {
  const total = VIEWS_PER_VISIT.reduce<number>((a, b) => a + b, 0)
  const carted = (chance: number) =>
    VIEWS_PER_VISIT.reduce<number>(
      (sum, share, i) => sum + (share / total) * (1 - (1 - chance) ** (i + 1)),
      0,
    )
  let low = 0
  let high = 1
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (carted(middle) < perVisit) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** A browser's factor on the step from cart to purchase, so that the mean over visits is 1. */
export function browserFactors(): number[] {
  const shares = BROWSERS.reduce((sum, browser) => sum + browser.share, 0)
  const mean = BROWSERS.reduce((sum, browser) => sum + (browser.share / shares) * browser.purchase, 0)
  return BROWSERS.map((browser) => browser.purchase / mean)
}

/** `chances`: what each step's draw is held against, per source and browser. */
export function journeyStatements(): string[] {
  const factors = browserFactors()
  const cells = VISIT_SOURCES.flatMap((source, s) =>
    BROWSERS.map((browser, b) => ({ key: s * 8 + b, source, browser, factor: factors[b] ?? 1 })),
  )
  return [
    literalTable("chances", {
      "key integer": cells.map((cell) => cell.key),
      "department_chance integer": cells.map((cell) => of16(cell.source.department)),
      "product_chance integer": cells.map((cell) => of16(cell.source.product)),
      "cart_chance double": cells.map((cell) => of16(cartPerView(cell.source.cart))),
      "purchase_chance integer": cells.map((cell) => of16(cell.source.purchase * cell.factor)),
    }),
  ]
}
