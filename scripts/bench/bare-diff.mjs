// The reference for a snapshot of which 1 % is new: read its files, hash every row, and compare with the hashes of the one before.
import { DuckDBInstance } from "@duckdb/node-api"

const [first, second, database] = process.argv.slice(2)
const connection = await (await DuckDBInstance.create(database)).connect()
for (const table of ["users", "products", "orders", "order_items", "events"]) {
  const key = table === "orders" ? "order_id" : "id"
  const hashed = (folder) =>
    `select ${key} as id, hash(t) as row_hash from read_csv('${folder}/${table}.csv', all_varchar = true, header = true) t`
  if (second === "-") await connection.run(`create table ${table} as ${hashed(first)}`)
  else {
    await connection.run(`create temp table now_${table} as ${hashed(second)}`)
    await connection.run(
      `create temp table changed_${table} as select coalesce(n.id, b.id) as id
       from now_${table} n full join ${table} b on b.id = n.id where n.row_hash is distinct from b.row_hash`,
    )
  }
}
