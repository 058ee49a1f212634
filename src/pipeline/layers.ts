import { CartwrightError } from "../core/errors.ts"
import type { Shop } from "../project/shop.ts"
import type { DbtOptions } from "../transform/dbt.ts"
import type { Ledger, Transformed } from "./ledger.ts"
import type { Built } from "./publishable.ts"
import { publishedState } from "./published-state.ts"

/** What a transformation can be divided into, each built from the one before it. */
export const LAYERS = ["silver", "star", "marts"] as const
export type Layer = (typeof LAYERS)[number]

/** The test of the dbt package that fails where a screen whose action is `stop` does. Nothing is whole before it has passed. */
export const STOPS = "no_screen_stops"

const STAR = "config.schema:star+"
const MARTS = "config.schema:marts+"

/**
 * Every node is in one layer: in marts what is one or comes after one, in the star likewise, in silver all else. So tests that look
 * at two layers run when both are there.
 */
export const LAYER_NODES: Readonly<Record<Layer, Pick<DbtOptions, "select" | "exclude">>> = {
  silver: { exclude: [STAR, MARTS, STOPS] },
  star: { select: [STAR], exclude: [MARTS, STOPS] },
  marts: { select: [MARTS, STOPS] },
}

/** How a layer was built last, alone or with all others. */
export function builtLayer(layer: Layer, { layers, transformed }: Ledger): Transformed | undefined {
  return layers?.[layer] ?? transformed
}

/**
 * What a layer is to be built from: the inputs of the layer before it as that was built, so that all are of one state also where new
 * data comes in between; undefined where that was not built.
 * @param now the inputs of a transformation now
 */
export function inputsOfLayer(layer: Layer, now: string, ledger: Ledger): string | undefined {
  const before = layerBefore(layer)
  return before === undefined ? now : builtLayer(before, ledger)?.inputs
}

/** @throws CartwrightError `early` where the layer before was not built, alone, since something changed */
export function requireLayerBefore(layer: Layer, { layers }: Ledger, shop: Shop): void {
  const before = layerBefore(layer)
  if (before === undefined || layers?.[before] !== undefined) return
  throw new CartwrightError(
    "early",
    `${layer} is built from ${before}, and that was not built since the warehouse changed`,
    {
      next: `Run \`cartwright transform --layer ${before}\` first, or \`cartwright transform\` for all layers.`,
      state: publishedState(shop),
    },
  )
}

/** Forgets a layer and those built from it; without a layer, all. */
export function takeBackLayers(ledger: Ledger, layer: Layer = LAYERS[0]): void {
  for (const each of LAYERS.slice(LAYERS.indexOf(layer))) delete ledger.layers?.[each]
}

export function noteLayer(ledger: Ledger, layer: Layer, built: Transformed): void {
  ledger.layers = { ...ledger.layers, [layer]: built }
}

/** What all layers together built, once the last one is; undefined before. */
export function allLayers({ layers }: Ledger, layer: Layer, built: Built): Built | undefined {
  if (layer !== LAYERS.at(-1)) return undefined
  const parts = [...LAYERS.flatMap((each) => layers?.[each] ?? []), built]
  return {
    relations: parts.flatMap(({ relations }) => relations),
    publishable: parts.flatMap(({ publishable }) => publishable),
    unread: parts.flatMap(({ unread }) => unread).sort(),
  }
}

function layerBefore(layer: Layer): Layer | undefined {
  return LAYERS[LAYERS.indexOf(layer) - 1]
}
