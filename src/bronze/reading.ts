import type { Manifest, ManifestFile } from "../lake/manifest.ts"
import { sniffText } from "../connectors/files/sniff.ts"
import type { Storage } from "../storage/storage.ts"
import { textOf } from "./local-files.ts"

/** What is declared of a data set, as far as loading it goes. What is stated here goes before what was found out. */
export interface ReadingRules {
  key: readonly string[]
  nullText: readonly string[]
  format?: ManifestFile["format"] | undefined
  delimiter?: string | undefined
  quote?: string | undefined
  encoding?: ManifestFile["encoding"] | undefined
  header?: boolean | undefined
}

/** One text for all rules that decide what a data set's log looks like; another text means: build the log again. */
export function readingSignature(rules: ReadingRules): string {
  const { key, nullText, format, delimiter, quote, encoding, header } = rules
  return JSON.stringify({ key, nullText, format, delimiter, quote, encoding, header })
}

const HEAD_BYTES = 1 << 18

/**
 * The files of a landing as they are to be read: as was found out when they landed, except where the rules state
 * something else; then their columns are read anew.
 */
export async function filesToRead(
  storage: Storage,
  landing: Manifest,
  rules: ReadingRules,
): Promise<ManifestFile[]> {
  const { format, delimiter, quote, encoding, header } = rules
  const stated = Object.fromEntries(
    Object.entries({ format, delimiter, quote, encoding, header }).filter(([, value]) => value !== undefined),
  )
  const files: ManifestFile[] = []
  for (const file of landing.files) {
    const found = new Map<string, unknown>(Object.entries(file))
    const asFound = Object.entries(stated).every(([name, value]) => found.get(name) === value)
    if (asFound || file.format === "parquet") {
      files.push(file)
      continue
    }
    const asStated: ManifestFile = { ...file, ...stated }
    const head = await headOf(storage, asStated)
    const sniffed = sniffText(head, "utf-8", head.length < HEAD_BYTES, { ...stated, encoding: "utf-8" })
    files.push({ ...asStated, ...sniffed.dialect, format: sniffed.format, columns: sniffed.columns })
  }
  return files
}

async function headOf(storage: Storage, file: ManifestFile): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of textOf(storage, file)) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= HEAD_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES)
}

/** Splits files into runs that are read alike, keeping their order. */
export function runsAlike(files: readonly ManifestFile[]): ManifestFile[][] {
  const runs: ManifestFile[][] = []
  for (const file of files) {
    const last = runs.at(-1)
    if (last !== undefined && likeness(last[0] as ManifestFile) === likeness(file)) last.push(file)
    else runs.push([file])
  }
  return runs
}

function likeness(file: ManifestFile): string {
  const { format, compression, encoding, delimiter, quote, header, columns } = file
  return JSON.stringify({ format, compression, encoding, delimiter, quote, header, columns })
}
