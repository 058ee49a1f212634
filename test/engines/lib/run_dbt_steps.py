"""Runs the steps of dbt projects with real dbt in one process and keeps what each step left behind.

Standard input: {"cases": [{"folder": …, "environment": {…}, "steps": [{"args": […]}]}]}.
After each step `<folder>/after-<n>/` holds the database and the artifacts. Standard output's last line: JSON, per case
and step the exit code, the listing and the error, if any. (dbt imports every module named dbt_… as a plugin: this is not.)
"""

import json
import os
import shutil
import sys
import time

from dbt.cli.main import dbtRunner


def run_step(folder, number, step):
    result = dbtRunner().invoke(
        step["args"] + ["--project-dir", folder, "--profiles-dir", folder, "--quiet", "--no-use-colors"]
    )
    listing = None
    if step["args"][0] == "ls" and isinstance(result.result, list):
        listing = [str(line) for line in result.result]
    kept = os.path.join(folder, f"after-{number}")
    os.makedirs(kept)
    for name in ("shop.duckdb", "shop.duckdb.wal"):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            shutil.copy(path, os.path.join(kept, name))
    for name in ("manifest.json", "run_results.json"):
        path = os.path.join(folder, "target", name)
        if os.path.exists(path):
            shutil.copy(path, os.path.join(kept, name))
    if os.path.isdir(os.path.join(folder, "target", "compiled")):
        shutil.copytree(os.path.join(folder, "target", "compiled"), os.path.join(kept, "compiled"))

    error = None if result.exception is None else f"{type(result.exception).__name__}: {result.exception}"
    return {"exitCode": 0 if result.success else 2 if result.exception else 1, "listing": listing, "error": error}


def main():
    report = []
    for case in json.load(sys.stdin)["cases"]:
        folder = case["folder"]
        os.environ.update(case["environment"])
        os.chdir(folder)
        if case.get("deps"):
            dbtRunner().invoke(["deps", "--project-dir", folder, "--profiles-dir", folder, "--quiet"])
        steps = []
        for number, step in enumerate(case["steps"]):
            started = time.time()
            if os.path.exists(os.path.join(folder, "target", "run_results.json")):
                os.remove(os.path.join(folder, "target", "run_results.json"))
            steps.append(run_step(folder, number, step))
            steps[-1]["seconds"] = time.time() - started
        report.append(steps)
    sys.__stdout__.write("\n" + json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
