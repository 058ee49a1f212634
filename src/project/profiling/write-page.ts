import { mkdir, writeFile } from "node:fs/promises"
import { dirname } from "node:path"
import { profilePage } from "../../quality/profile/html/page.ts"
import type { ProfileReport } from "../../quality/profile/report.ts"
import { environmentError } from "../../storage/local/system-errors.ts"

/** Writes a profile as one HTML page, over what is there. */
export async function writePage(report: ProfileReport, path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, profilePage(report))
  } catch (error) {
    throw environmentError("writing", path, error)
  }
}
