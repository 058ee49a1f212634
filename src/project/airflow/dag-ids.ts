import type { DagSettings } from "./dag-settings.ts"

/** The name of the file of a shop's DAGs. */
export function dagFileName({ layout, prefix, name }: DagSettings): string {
  return layout === "chain" ? `${prefix}_dags.py` : `cartwright_${name}_dag.py`
}

export function dagIds({ layout, prefix, name }: DagSettings): string[] {
  return layout === "chain"
    ? ["ingestion", "staging", "dwh", "analytics"].map((part) => `${prefix}_${part}_dag`)
    : [`cartwright_${name}`]
}

/** A text as Python and JSON both write it. */
export function text(value: string): string {
  return JSON.stringify(value)
}
