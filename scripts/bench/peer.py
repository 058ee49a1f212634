"""The peer of the full run: dlt reads every CSV of a folder through DuckDB and Arrow (its fastest reader, as text) into
DuckDB; real dbt builds the same project over views that give bronze's operational columns as constants.

usage: peer.py full <folder of CSV files> <working folder> <dbt executable> <the shop's dbt project>
       peer.py next <folder of CSV files> <working folder> <dbt executable>
`next` appends files that bring only new rows, and builds incrementally; dbt's parsed project of the run before is there.
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
FIRST, NEXT = "timestamp '2026-01-01 00:00:00'", "timestamp '2026-01-02 00:00:00'"
BOOKS = {
    "landings": "landing_id varchar, source varchar, dataset varchar, kind varchar, as_of timestamp, extracted_at timestamp, files varchar,"
    " rows_read bigint, rows_loaded bigint, rows_unchanged bigint, rows_rejected bigint, first_seq bigint, last_seq bigint, loaded_at timestamp",
    "rejected_lines": "landing_id varchar, source varchar, dataset varchar, file varchar, line bigint, row_number bigint, raw_text varchar,"
    " reason varchar, seq bigint, loaded_at timestamp",
}


def resource(path: pathlib.Path, disposition: str):
    def rows():
        connection = duckdb.connect()
        reader = connection.execute("select * from read_csv(?, all_varchar = true)", [str(path)])
        yield from reader.fetch_record_batch(BATCH_ROWS)

    return dlt.resource(rows, name=name_of(path), write_disposition=disposition)


def name_of(path: pathlib.Path) -> str:
    return path.name.split(".")[0]


def load(files: list[pathlib.Path], database: pathlib.Path, working: pathlib.Path, disposition: str) -> None:
    pipeline = dlt.pipeline(
        pipeline_name="peer",
        pipelines_dir=str(working / "dlt"),
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="raw",
    )
    pipeline.run([resource(path, disposition) for path in files], loader_file_format="parquet")


def operational_views(names: list[str], database: pathlib.Path, known: dict[str, int]) -> None:
    """known: rows of a table that the run before had."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema if not exists bronze")
        for name in names:
            is_known = f"rowid < {known.get(name, 1 << 60)}"
            moment = f"case when {is_known} then {FIRST} else {NEXT} end"
            connection.execute(
                f"create or replace view bronze.thelook__{name} as select *, case when {is_known} then 'landing' else 'next' end as _landing_id,"
                f" rowid + 1 as _row_number, 0::bigint as _row_hash, 'I' as _op, rowid + 1 as _seq, {moment} as _extracted_at,"
                f" {moment} as _as_of, {moment} as _loaded_at from raw.{name}"
            )
        for name, columns in BOOKS.items():
            connection.execute(f"create table if not exists bronze.{name} ({columns})")


def rows_of(names: list[str], database: pathlib.Path) -> dict[str, int]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return {name: connection.execute(f"select count(*) from raw.{name}").fetchone()[0] for name in names}


def run_dbt(dbt: str, working: pathlib.Path, *command: str) -> None:
    folders = ["--project-dir", str(working / "dbt"), "--profiles-dir", str(working)]
    subprocess.run([dbt, "--quiet", *command, *folders], check=True)


def main() -> None:
    kind, folder, working, dbt = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), sys.argv[4]
    files = sorted(pathlib.Path(folder).glob("*.csv"))
    names = [name_of(path) for path in files]
    database = working / "warehouse.duckdb"
    if kind == "full":
        shutil.rmtree(working, ignore_errors=True)
        working.mkdir(parents=True)
        load(files, database, working, "replace")
        operational_views(names, database, {})
        profile = {"type": "duckdb", "path": str(database), "schema": "silver", "threads": 2}
        text = "cartwright: {target: duckdb, outputs: {duckdb: " + str(profile).replace("'", '"') + "}}\n"
        (working / "profiles.yml").write_text(text)
        shutil.copytree(pathlib.Path(sys.argv[5]), working / "dbt")
        run_dbt(dbt, working, "deps")
    else:
        known = rows_of(names, database)
        load(files, database, working, "append")
        operational_views(names, database, known)
    run_dbt(dbt, working, "build", "--threads", "2")


main()
