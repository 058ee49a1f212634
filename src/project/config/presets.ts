/** The datasets (schemas) of the warehouse, one per layer. Star and marts may be one and the same. */
export interface LayerNames {
  bronze: string
  silver: string
  star: string
  marts: string
  quality: string
  /** What the shop has noted of itself, and cannot build again from the lake. */
  meta: string
}

export const PRESETS = {
  default: {
    bronze: "bronze",
    silver: "silver",
    star: "gold",
    marts: "gold",
    quality: "quality",
    meta: "meta",
  },
  raw_staging_marts: {
    bronze: "RAW",
    silver: "STAGING",
    star: "MARTS",
    marts: "MARTS",
    quality: "QUALITY",
    meta: "meta",
  },
  ecommerce: {
    bronze: "ecommerce_staging",
    silver: "ecommerce_staging",
    star: "ecommerce_dwh",
    marts: "ecommerce_analytics",
    quality: "ecommerce_quality",
    meta: "meta",
  },
} as const satisfies Record<string, LayerNames>

export type PresetName = keyof typeof PRESETS
export const PRESET_NAMES = Object.keys(PRESETS) as [PresetName, ...PresetName[]]
