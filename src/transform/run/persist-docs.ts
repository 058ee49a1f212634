import { quoteLiteral } from "../adapter/quoting.ts"
import { asDict } from "../yaml/yaml.ts"
import type { NodeRun } from "./node-run.ts"

/** Writes descriptions as comments of the relation and its columns, where `persist_docs` asks for it. */
export async function persistDocs(run: NodeRun): Promise<void> {
  const { node, session, database, target, context } = run
  const wanted = asDict(node.config["persist_docs"])
  if (wanted === undefined || Object.keys(wanted).length === 0) return
  const existing = await database.existing(session, target)
  if (existing === undefined) return
  const kind = existing.type === "view" ? "view" : "table"
  if (wanted["relation"] === true && node.description !== "") {
    await session.run(`comment on ${kind} ${target.render()} is ${quoteLiteral(node.description)}`)
  }
  const described = Object.values(node.columns)
  if (wanted["columns"] !== true || described.length === 0) return
  const columns = await database.columns(session, target)
  for (const { name, description, quote } of described) {
    const column = columns.find((candidate) => candidate.column.toLowerCase() === name.toLowerCase())
    if (column === undefined) {
      context.invocation.tell(
        "warn",
        `In relation ${target.render()}: the column ${name} is described and not there`,
      )
      continue
    }
    const written = quote === true ? `"${name}"` : name
    await session.run(`comment on column ${target.render()}.${written} is ${quoteLiteral(description)}`)
  }
}
