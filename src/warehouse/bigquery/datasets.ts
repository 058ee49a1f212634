import type { BigQuery } from "@google-cloud/bigquery"
import { CartwrightError } from "../../core/errors.ts"
import { checkDatasetName } from "./names.ts"
import { isMissing, isThereAlready, problemOf } from "./problem.ts"
import { type Pacing, retrying } from "./retry.ts"

interface Wanted {
  location: string
  labels: Record<string, string>
}

/**
 * Makes the dataset where there is none, in the location and with the labels. One that is there stays as it is.
 * @returns whether it was made
 * @throws CartwrightError `config` when it is in another location, or BigQuery does not allow its name
 */
export async function ensureDataset(
  client: BigQuery,
  name: string,
  { location, labels }: Wanted,
  { pacing, signal }: { pacing: Pacing; signal: AbortSignal | undefined },
): Promise<boolean> {
  const dataset = client.dataset(checkDatasetName(name))
  const found = async (): Promise<string | undefined> => {
    try {
      const [metadata] = await retrying(() => dataset.getMetadata(), pacing, signal)
      return (metadata as { location?: string }).location ?? location
    } catch (error) {
      if (isMissing(problemOf(error))) return undefined
      throw error
    }
  }
  let at = await found()
  let made = false
  if (at === undefined) {
    try {
      await retrying(() => client.createDataset(name, { location, labels }), pacing, signal)
      made = true
    } catch (error) {
      // Somebody else made it meanwhile, or the answer to our own request was lost.
      if (!isThereAlready(problemOf(error))) throw error
    }
    at = made ? location : await found()
  }
  if (at !== undefined && at.toLowerCase() !== location.toLowerCase()) {
    throw new CartwrightError("config", `the dataset ${name} is in ${at}, and ${location} is wanted`, {
      place: name,
      choices: [at],
      next: `State ${at} as the location, or another name for the dataset. A dataset cannot be moved.`,
      state: "Nothing was changed.",
    })
  }
  return made
}
