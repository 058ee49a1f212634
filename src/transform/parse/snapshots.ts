import { join } from "node:path"
import type { Invocation } from "../context/context.ts"
import { projectError } from "../errors.ts"
import type { DbtNode } from "../nodes.ts"
import { listFiles, readIgnore, readText } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"
import { snapshotConfig } from "../run/snapshot-config.ts"
import { baseNode, fileFqn, pythonStrip } from "./base-node.ts"
import type { Entry } from "./property-files.ts"
import { parseNode, type Patches } from "./sql-nodes.ts"

const BLOCK = /\{%-?\s*snapshot\s+(\w+)\s*(-?)%\}([\s\S]*?)\{%(-?)\s*endsnapshot\s*-?%\}/g

/** The snapshots of a project: SQL blocks, and property file entries with `relation:`. */
export async function readSnapshots(
  invocation: Invocation,
  project: Project,
  patches: Patches,
  now: number,
): Promise<DbtNode[]> {
  const nodes: DbtNode[] = []
  const add = async (node: DbtNode, patch: Entry | undefined, file: string): Promise<void> => {
    await parseNode(invocation, node, patch, file)
    if (node.config["enabled"] !== false) snapshotConfig(node)
    nodes.push(node)
  }
  for (const file of listFiles(project.root, project.paths.snapshots, [".sql"], readIgnore(project.root))) {
    const text = readText(file.absolute)
    for (const [, name = "", stripStart, body = "", stripEnd] of text.matchAll(BLOCK)) {
      let raw = body
      if (stripStart) raw = raw.trimStart()
      if (stripEnd) raw = raw.trimEnd()
      const fqn = [
        ...fileFqn(
          project,
          file.path,
          file.path
            .split("/")
            .at(-1)
            ?.replace(/\.sql$/, "") ?? "",
        ),
        name,
      ]
      const node = baseNode({
        project,
        resourceType: "snapshot",
        name,
        file,
        rawCode: raw,
        content: pythonStrip(text),
        fqn,
        createdAt: now,
      })
      await add(node, patches.get(`snapshots.${name}`), file.absolute)
    }
  }
  for (const entry of patches.values()) {
    const relation = entry.properties["relation"]
    if (entry.section !== "snapshots" || relation === undefined || relation === null) continue
    if (typeof relation !== "string")
      throw projectError("relation: of a snapshot must be ref(…) or source(…)", { place: entry.place() })
    const raw = `select * from {{ ${relation} }}`
    const node = baseNode({
      project,
      resourceType: "snapshot",
      name: entry.name,
      file: { path: `${entry.path}/${entry.name}.sql`, originalPath: entry.file },
      rawCode: raw,
      content: pythonStrip(readText(join(project.root, entry.file))),
      fqn: fileFqn(project, entry.path, entry.name),
      createdAt: now,
    })
    await add(node, entry, entry.file)
  }
  return nodes
}
