import { execFile } from "node:child_process"
import { promisify } from "node:util"

/** docker-compose.yml as Docker Compose reads it: of all profiles, variables by their defaults, short forms written out. */
export interface ComposeModel {
  services: Record<string, ComposeService>
  volumes: Record<string, unknown>
}
export interface ComposeService {
  entrypoint?: string[]
  command?: string[]
  environment?: Record<string, string>
  depends_on?: Record<string, unknown>
  volumes?: { type: string; source: string }[]
  ports?: { host_ip?: string }[]
}

export async function composeModel(reader: string, folder: string): Promise<ComposeModel> {
  const args = ["--format", "json", "docker-compose.yml"]
  const { stdout } = await promisify(execFile)(reader, args, { cwd: folder })
  return JSON.parse(stdout) as ComposeModel
}
