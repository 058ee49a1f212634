export type RelationType = "table" | "view" | "cte" | "materialized_view" | "external"

/** The three parts of a relation's name. */
export interface Parts<T> {
  database: T
  schema: T
  identifier: T
}

const ALL: Parts<boolean> = { database: true, schema: true, identifier: true }

/** The name of a table or view, and how it is written in SQL. Immutable. */
export class Relation {
  readonly database: string | null
  readonly schema: string | null
  readonly identifier: string | null
  readonly type: RelationType | null
  readonly quoted: Parts<boolean>
  readonly included: Parts<boolean>

  constructor(
    parts: Parts<string | null>,
    options: { type?: RelationType | null; quoted?: Parts<boolean>; included?: Parts<boolean> } = {},
  ) {
    this.database = parts.database
    this.schema = parts.schema
    this.identifier = parts.identifier
    this.type = options.type ?? null
    this.quoted = options.quoted ?? ALL
    this.included = options.included ?? ALL
  }

  /** The reference to an ephemeral model: the name of the CTE that holds its SQL. */
  static ephemeral(name: string): Relation {
    return new Relation(
      { database: null, schema: null, identifier: `__dbt__cte__${name}` },
      { type: "cte", quoted: { database: false, schema: false, identifier: false } },
    )
  }

  with(changes: {
    parts?: Partial<Parts<string | null>>
    type?: RelationType | null
    quoted?: Partial<Parts<boolean>>
    included?: Partial<Parts<boolean>>
  }): Relation {
    return new Relation(
      { database: this.database, schema: this.schema, identifier: this.identifier, ...changes.parts },
      {
        type: changes.type === undefined ? this.type : changes.type,
        quoted: { ...this.quoted, ...changes.quoted },
        included: { ...this.included, ...changes.included },
      },
    )
  }

  /** A relation beside this one, e.g. while it is rebuilt. */
  withSuffix(suffix: string): Relation {
    return this.with({ parts: { identifier: `${this.identifier ?? ""}${suffix}` } })
  }

  render(): string {
    const written: string[] = []
    for (const part of ["database", "schema", "identifier"] as const) {
      const name = this[part]
      if (!this.included[part] || name === null || name === "") continue
      written.push(this.quoted[part] ? `"${name}"` : name)
    }
    return written.join(".")
  }

  toString(): string {
    return this.render()
  }

  /** Same object in the catalog, which ignores case. */
  sameAs(other: Relation): boolean {
    return this.key() === other.key()
  }

  key(): string {
    return [this.database, this.schema, this.identifier].map((part) => (part ?? "").toLowerCase()).join(".")
  }
}
