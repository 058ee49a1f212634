import type { DuckDBConnection } from "@duckdb/node-api"
import { columnNames } from "../../core/csv.ts"
import { CartwrightError, messageOf } from "../../core/errors.ts"
import type { FileFormat } from "../../core/file-format.ts"
import { LONGEST_RECORD } from "../../storage/codec/records.ts"

/**
 * Column names and number of rows, from the footer; and some rows, as text.
 * @throws CartwrightError `extract` when the footer is missing or damaged
 */
export async function describeParquet(
  path: string,
  sampleRows = 0,
): Promise<{ columns: string[]; rows: bigint; sample: (string | null)[][] }> {
  return withEngine(path, async (connection, file) => {
    const count = await connection.runAndReadAll(
      `select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata(${file})`,
    )
    const sample = await connection.runAndReadAll(
      `select columns(*)::varchar from read_parquet(${file}, hive_partitioning = false) limit ${sampleRows}`,
    )
    return {
      columns: columnNames(sample.columnNames()),
      rows: count.getRows()[0]?.[0] as bigint,
      sample: sample.getRows() as (string | null)[][],
    }
  })
}

/**
 * Proves that a JSON file in UTF-8 is one array or a row of objects to its end.
 * @throws CartwrightError `extract` when it is not
 */
export async function requireWholeJson(path: string, compression: FileFormat["compression"]): Promise<void> {
  const packing = compression === "none" ? "uncompressed" : compression
  await withEngine(path, (connection, file) =>
    connection.runAndReadAll(
      `select count(json) from read_json_objects(${file}, format = 'auto', compression = '${packing}',
        maximum_object_size = ${LONGEST_RECORD}, hive_partitioning = false)`,
    ),
  )
}

async function withEngine<T>(
  path: string,
  look: (connection: DuckDBConnection, file: string) => Promise<T>,
): Promise<T> {
  // Loaded here: a run in which no file is new does without the engine, whose loading takes longer than all the rest.
  const { DuckDBInstance } = await import("./engine.ts")
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" })
  try {
    return await look(await instance.connect(), `'${path.replaceAll("'", "''")}'`)
  } catch (cause) {
    throw new CartwrightError(
      "extract",
      `the file is truncated or damaged: ${messageOf(cause).split("\n")[0]}`,
      {
        place: path,
        next: "Have the file delivered again, complete.",
        cause,
      },
    )
  } finally {
    instance.closeSync()
  }
}
