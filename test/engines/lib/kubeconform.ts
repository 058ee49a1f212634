import { execFile } from "node:child_process"
import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"

/** What Kubernetes would not take of some manifests. @param kubeconform the folder of the engine */
export function problemsOf(kubeconform: string, ...files: string[]): Promise<string[]> {
  return problemsBy(kubeconform, kubeconform, ...files)
}

/** The same by the schemas of another engine. */
export async function problemsBy(engine: string, kubeconform: string, ...files: string[]): Promise<string[]> {
  const schemas = join(engine, "schemas", "{{.ResourceKind}}{{.KindSuffix}}.json")
  const args = ["-strict", "-output", "json", "-schema-location", schemas, ...files]
  const run = promisify(execFile)(join(kubeconform, "bin", "kubeconform"), args)
  const { stdout } = await run.catch((error: unknown) => error as { stdout: string })
  const { resources } = JSON.parse(stdout) as { resources?: { kind: string; msg: string }[] }
  return (resources ?? []).map(({ kind, msg }) => `${kind}: ${msg}`)
}

/** A manifest in a file of its own. */
export function manifestFile(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "cartwright-kubernetes-")), "manifest.yaml")
  writeFileSync(file, text)
  return file
}
