import type { Invocation } from "../context/context.ts"
import { newCaptured, newContext } from "../context/new-context.ts"
import { renderPlain, renderText } from "../context/render.ts"
import { didYouMean, projectError } from "../errors.ts"
import { callable } from "../jinja/index.ts"
import type { Column, DocBlock, Manifest } from "../nodes.ts"
import { listFiles, readIgnore, readText } from "../project/files.ts"
import type { Project } from "../project/project-file.ts"
import { pythonStr } from "../values.ts"
import { pythonStrip } from "./base-node.ts"

const BLOCK = /\{%-?\s*docs\s+(\w+)\s*-?%\}([\s\S]*?)\{%-?\s*enddocs\s*-?%\}/g

/** The doc blocks of a project's Markdown files. */
export async function readDocs(project: Project): Promise<DocBlock[]> {
  const blocks: DocBlock[] = []
  for (const file of listFiles(project.root, project.paths.docs, [".md"], readIgnore(project.root))) {
    for (const [, name = "", body = ""] of readText(file.absolute).matchAll(BLOCK)) {
      blocks.push({
        name,
        resource_type: "doc",
        package_name: project.name,
        path: file.path,
        original_file_path: file.originalPath,
        unique_id: `doc.${project.name}.${name}`,
        block_contents: pythonStrip(/\{[{%#]/.test(body) ? await renderPlain(body, file.absolute) : body),
      })
    }
  }
  return blocks
}

interface Described {
  description: string
  doc_blocks?: string[]
  package_name: string
  original_file_path: string
  patch_path?: string | null
  columns?: Record<string, Column>
}

/** Puts doc blocks into the descriptions that call `doc()`. */
export async function fillDescriptions(invocation: Invocation, manifest: Manifest): Promise<void> {
  const described: Described[] = [
    ...manifest.nodes.values(),
    ...manifest.sources.values(),
    ...(manifest.exposures.values() as Iterable<Described>),
  ]
  for (const node of described) {
    await fill(invocation, node, node)
    for (const column of Object.values(node.columns ?? {})) await fill(invocation, node, column)
  }
  for (const source of manifest.sources.values()) {
    const holder = { description: source.source_description }
    await fill(invocation, source, holder)
    source.source_description = holder.description
  }
}

async function fill(
  invocation: Invocation,
  node: Described,
  holder: { description: string; doc_blocks?: string[] },
): Promise<void> {
  if (!/\{[{%#]/.test(holder.description)) return
  const used: string[] = []
  const doc = callable((args) => {
    const [pkg, name] =
      args.length > 1 ? [pythonStr(args[0]), pythonStr(args[1])] : [undefined, pythonStr(args[0])]
    const block = findDoc(invocation, node.package_name, pkg, name)
    if (block === undefined) {
      const names = [...invocation.manifest.docs.values()].map((known) => known.name)
      throw projectError(`Documentation for '${name}' not found${didYouMean(name, names)}`, {
        place: fileOf(node),
        choices: names,
      })
    }
    used.push(block.unique_id)
    return block.block_contents
  }, "doc")
  const context = newContext(invocation, {
    packageName: node.package_name,
    captured: newCaptured(),
    extra: { doc },
  })
  holder.description = await renderText(context, holder.description, fileOf(node))
  if (holder.doc_blocks !== undefined) holder.doc_blocks = used
}

function findDoc(
  invocation: Invocation,
  from: string,
  pkg: string | undefined,
  name: string,
): DocBlock | undefined {
  const { docs } = invocation.manifest
  if (pkg !== undefined) return docs.get(`doc.${pkg}.${name}`)
  const own = docs.get(`doc.${invocation.root.name}.${name}`) ?? docs.get(`doc.${from}.${name}`)
  return own ?? [...docs.values()].find((block) => block.name === name)
}

/** The property file that a description stands in. */
function fileOf(node: Described): string {
  return node.patch_path?.replace(/^[^:]*:\/\//, "") ?? node.original_file_path
}
