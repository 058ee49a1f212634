import { createHash } from "node:crypto"
import type { Delivery } from "../core/delivery.ts"
import type { Lake } from "./lake.ts"
import type { Manifest } from "./manifest.ts"

/** File names within the landing's folder: the plain name, or the path where two files share it. */
export function objectNames(names: readonly string[]): string[] {
  const plain = names.map((name) => name.slice(name.lastIndexOf("/") + 1))
  return names.map((name, i) => {
    const base = plain[i] as string
    if (plain.filter((other) => other === base).length === 1) return base
    const parts = name.split("/").filter((part) => !/^(?:date|dataset_name|landing)=/.test(part))
    return parts.join("/")
  })
}

/** The data set's folder of a day. It carries the source's name too where another source had the plain one first. */
export async function dayFolder(lake: Lake, delivery: Delivery, known: readonly Manifest[]): Promise<string> {
  const { source, dataset } = delivery
  const own = `${source}_${dataset}`
  const before = known.flatMap((landing) => landing.files).map((file) => file.key)
  const taken =
    before.length === 0
      ? (await lake.sourcesOf(dataset)).some((other) => other !== source)
      : before.some((key) => key.startsWith(`raw-data/dataset_name=${own}/`))
  return `raw-data/dataset_name=${taken ? own : dataset}/date=${dayOf(delivery.asOf)}`
}

export function dayOf(time: Date | string): string {
  return (typeof time === "string" ? time : time.toISOString()).slice(0, 10).replaceAll("-", "")
}

/** The same source, data set, time and content make the same id. */
export function landingId(delivery: Delivery, contents: readonly string[]): string {
  const identity = [delivery.source, delivery.dataset, delivery.asOf.toISOString(), ...contents]
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 20)
}

/** When a delivery counts as extracted: its `asOf`, and later than every earlier delivery of the same `asOf`: a correction follows what it corrects. */
export function extractionTime(delivery: Delivery, known: readonly Manifest[]): Date {
  const before = known.filter((landing) => landing.asOf === delivery.asOf.toISOString())
  return new Date(
    Math.max(delivery.asOf.getTime(), ...before.map((each) => Date.parse(each.extractedAt) + 1)),
  )
}
