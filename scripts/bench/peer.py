"""The peer of the full run: dlt reads every CSV of a folder through DuckDB and Arrow (its fastest reader, as text) into
DuckDB; real dbt builds the same project over views that give bronze's operational columns as constants.

usage: peer.py <folder of CSV files> <the shop's dbt project> <working folder> <dbt executable>
"""

import os
import pathlib
import shutil
import subprocess
import sys

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
import dlt
import duckdb

BATCH_ROWS = 250_000
NOW = "timestamp '2026-01-01 00:00:00'"
BOOKS = {
    "landings": "landing_id varchar, source varchar, dataset varchar, kind varchar, as_of timestamp, extracted_at timestamp, files varchar,"
    " rows_read bigint, rows_loaded bigint, rows_unchanged bigint, rows_rejected bigint, first_seq bigint, last_seq bigint, loaded_at timestamp",
    "rejected_lines": "landing_id varchar, source varchar, dataset varchar, file varchar, line bigint, row_number bigint, raw_text varchar,"
    " reason varchar, seq bigint, loaded_at timestamp",
}


def resource(path: pathlib.Path):
    def rows():
        connection = duckdb.connect()
        reader = connection.execute("select * from read_csv(?, all_varchar = true)", [str(path)])
        yield from reader.fetch_record_batch(BATCH_ROWS)

    return dlt.resource(rows, name=path.name.split(".")[0], write_disposition="replace")


def load(folder: pathlib.Path, database: pathlib.Path, working: pathlib.Path) -> None:
    pipeline = dlt.pipeline(
        pipeline_name="peer",
        pipelines_dir=str(working / "dlt"),
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="raw",
    )
    pipeline.run([resource(path) for path in sorted(folder.glob("*.csv"))], loader_file_format="parquet")


def operational_views(folder: pathlib.Path, database: pathlib.Path) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema bronze")
        for path in folder.glob("*.csv"):
            name = path.name.split(".")[0]
            connection.execute(
                f"create view bronze.thelook__{name} as select *, 'landing' as _landing_id, rowid + 1 as _row_number, 0::bigint as _row_hash,"
                f" 'I' as _op, rowid + 1 as _seq, {NOW} as _extracted_at, {NOW} as _as_of, {NOW} as _loaded_at from raw.{name}"
            )
        for name, columns in BOOKS.items():
            connection.execute(f"create table bronze.{name} ({columns})")


def main() -> None:
    folder, project, working, dbt = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
    shutil.rmtree(working, ignore_errors=True)
    working.mkdir(parents=True)
    database = working / "warehouse.duckdb"
    load(pathlib.Path(folder), database, working)
    operational_views(pathlib.Path(folder), database)
    profile = {"type": "duckdb", "path": str(database), "schema": "silver", "threads": 2}
    text = "cartwright: {target: duckdb, outputs: {duckdb: " + str(profile).replace("'", '"') + "}}\n"
    (working / "profiles.yml").write_text(text)
    shutil.copytree(project, working / "dbt")
    for command in (["deps"], ["build", "--threads", "2"]):
        subprocess.run(
            [dbt, "--quiet", *command, "--project-dir", str(working / "dbt"), "--profiles-dir", str(working)],
            check=True,
        )


main()
