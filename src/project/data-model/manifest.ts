import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Effects } from "../../core/effects.ts"
import { type Dialect, runEmbedded } from "../../transform/dbt.ts"
import { writeRunProfile } from "../profile.ts"
import type { Shop } from "../shop.ts"
import type { PartitionConfig } from "./storage.ts"

/** What is read of dbt's manifest (schema v12). */
export interface ProjectManifest {
  nodes: Record<string, ManifestNode>
  sources: Record<string, ManifestNode>
}

export interface ManifestNode {
  unique_id: string
  resource_type: string
  name: string
  alias?: string
  /** Sources only: the name in the warehouse. */
  identifier?: string
  schema: string
  description: string
  config: {
    enabled?: boolean
    schema?: string | null
    materialized?: string
    meta?: Record<string, unknown>
    unique_key?: string | string[] | null
    partition_by?: PartitionConfig | null
    cluster_by?: string | string[] | null
  }
  columns: Record<string, { description: string; meta?: Record<string, unknown> }>
  depends_on?: { nodes?: string[] }
  /** Generic tests only. */
  column_name?: string | null
  attached_node?: string | null
  test_metadata?: { name: string; kwargs: Record<string, unknown> }
}

export interface Reading {
  effects: Effects
  /** What `env_var()` sees. */
  environment: Readonly<Record<string, string | undefined>>
}

/**
 * The shop's dbt project as the embedded runner parses it for a warehouse; nothing of it stays on disk.
 * @throws CartwrightError as the runner does, where the project is wrong or uses what only real dbt has
 */
export async function parsedManifest(
  shop: Shop,
  dialect: Dialect,
  { effects, environment }: Reading,
): Promise<ProjectManifest> {
  const folder = mkdtempSync(join(tmpdir(), "cartwright-data-model-"))
  try {
    const { manifestPath = "" } = await runEmbedded({
      command: "parse",
      dialect,
      projectDir: shop.paths.dbtProject,
      profilesDir: writeRunProfile(shop, folder, environment),
      targetPath: folder,
      environment,
      effects,
    })
    return JSON.parse(readFileSync(manifestPath, "utf8")) as ProjectManifest
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
