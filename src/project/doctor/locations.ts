/** Where a bucket keeps its objects, as Cloud Storage describes it. */
export interface BucketPlacement {
  /** E.g. `EU`, `EUROPE-WEST1`, `EUR4`. */
  location: string
  /** The two regions of a dual-region bucket. */
  dataLocations: readonly string[]
}

/** BigQuery's multi-region EU is the regions in member states, so neither London nor Zürich. */
const OUTSIDE_EU = ["EUROPE-WEST2", "EUROPE-WEST6"]

/** The regions of the predefined pairs that BigQuery's documentation names. */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  EUR4: ["EUROPE-NORTH1", "EUROPE-WEST4"],
  EUR5: ["EUROPE-WEST1", "EUROPE-WEST2"],
  EUR7: ["EUROPE-WEST2", "EUROPE-WEST3"],
  EUR8: ["EUROPE-WEST3", "EUROPE-WEST6"],
  NAM4: ["US-CENTRAL1", "US-EAST1"],
  ASIA1: ["ASIA-NORTHEAST1", "ASIA-NORTHEAST2"],
}

/**
 * Whether BigQuery loads from a bucket into datasets of a location: into US from anywhere; into EU from the multi-region and what is
 * within it; into a region from that region, or a pair of regions with it.
 */
export function canLoad(datasets: string, { location, dataLocations }: BucketPlacement): boolean {
  const into = datasets.toUpperCase()
  const from = location.toUpperCase()
  if (into === "US" || from === into) return true
  const regions = dataLocations.length > 0 ? dataLocations.map((each) => each.toUpperCase()) : PAIRS[from]
  if (into === "EU") return (regions ?? [from]).every(isWithinEu)
  return regions?.includes(into) ?? false
}

function isWithinEu(region: string): boolean {
  return region.startsWith("EUROPE-") && !OUTSIDE_EU.includes(region)
}
