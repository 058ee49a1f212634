/** The parts of the Python file that are the same for every shop. */

/** One file for both lines of Airflow: names that moved are looked for at their new place first. */
export const IMPORTS = `from __future__ import annotations

import os
from datetime import timedelta

import pendulum
from airflow.timetables.interval import CronDataIntervalTimetable

try:
    from airflow.providers.standard.hooks.subprocess import SubprocessHook
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.sdk import DAG, Asset, BaseOperator, TaskGroup

    AIRFLOW_2 = False
except ImportError:
    from airflow import DAG
    from airflow.datasets import Dataset as Asset
    from airflow.hooks.subprocess import SubprocessHook
    from airflow.models.baseoperator import BaseOperator
    from airflow.operators.empty import EmptyOperator
    from airflow.utils.task_group import TaskGroup

    AIRFLOW_2 = True

try:
    from airflow.sdk.exceptions import AirflowException, AirflowFailException, AirflowSkipException
except ImportError:
    from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException`

export const OPERATOR = `# The data interval; a run that has none, started by hand, has the time at which it was started.
INTERVAL = "/".join(
    "{{ (dag_run.data_interval_%s or dag_run.run_after).isoformat() }}" % side for side in ("start", "end")
)

# What the program's exit codes mean (docs/cli.md). Others, and a kill, are tried again.
SKIP_CODE = ["--skip-code", "99"]
SKIPPED = {10: "a later run is building this anew, and goes on with it", 99: "nothing had changed"}
NO_USE_TO_RETRY = {1: "a bug", 2: "a wrong configuration or file", 6: "a failed test, a stopping screen or a held delivery"}


class CartwrightOperator(BaseOperator):
    """One command of Cartwright, which does nothing where nothing is to be done: so it may be run again at any time."""

    template_fields = ("arguments", "environment")

    def __init__(self, *, arguments, **kwargs):
        super().__init__(**kwargs)
        self.arguments = arguments
        self.environment = dict(ENVIRONMENT)

    def execute(self, context):
        self.process = SubprocessHook()
        try:
            code = self.process.run_command(
                [*COMMAND, *self.arguments, "--dir", SHOP], env={**os.environ, **self.environment}
            ).exit_code
        except FileNotFoundError as error:
            raise AirflowFailException(
                f"there is no program {COMMAND[0]} here: install it, or correct airflow.command in cartwright.yaml"
            ) from error
        if code in SKIPPED:
            raise AirflowSkipException(SKIPPED[code])
        if code in NO_USE_TO_RETRY:
            raise AirflowFailException(f"exit code {code}: {NO_USE_TO_RETRY[code]}; the lines above say what to do")
        if code != 0:
            raise AirflowException(f"exit code {code}; the lines above say what to do")

    def on_kill(self):
        self.process.send_sigterm()`

/** @param late whether missed deadlines are told too */
export function alerts(path: string, late: boolean): string {
  const [module, name] = [path.slice(0, path.lastIndexOf(".")), path.slice(path.lastIndexOf(".") + 1)]
  const told = `def tell_failure(context):
    from ${module} import ${name}

    ${name}(context)`
  if (!late) return told
  return `${told}


def tell_late(dag, task_list, blocking_task_list, slas, blocking_tis):
    from ${module} import ${name}

    ${name}({"dag": dag, "late": task_list})


LATE = {}
if AIRFLOW_2:
    LATE = {"sla_miss_callback": tell_late}
else:
    try:
        from airflow.sdk import DeadlineAlert, DeadlineReference, SyncCallback
    except ImportError:  # before Airflow 3.2
        pass
    else:
        LATE = {
            "deadline": DeadlineAlert(
                reference=DeadlineReference.DAGRUN_QUEUED_AT,
                interval=DEADLINE,
                callback=SyncCallback(${JSON.stringify(path)}),
            )
        }`
}

export const TASKS = `def step(task_id, arguments, after=(), trigger_rule="none_failed"):
    task = CartwrightOperator(task_id=task_id, arguments=arguments, trigger_rule=trigger_rule)
    task.set_upstream(list(after))
    return task


def ingestion(after=()):
    """Each source: what is new of its files into the lake, as delivered, then into bronze, as a log of changes."""
    extracts = [
        step(f"extract_{source}", ["extract", "--source", source, "--interval", INTERVAL, *SKIP_CODE])
        for source in SOURCES
    ]
    # What did land of a source is loaded, also where some of it did not.
    loads = [
        step(f"load_{source}", ["load", "--source", source, *SKIP_CODE], [extract], "all_done")
        for source, extract in zip(SOURCES, extracts)
    ]
    whole = EmptyOperator(task_id="all_sources", trigger_rule="none_failed")
    whole.set_upstream([*extracts, *loads])
    return loads


def staging(after=()):
    """Silver: typed, screened, conformed. A screen whose action is stop ends it here, before anything is published."""
    silver = step("build_silver", ["transform", "--layer", "silver", *SKIP_CODE], after, "all_done")
    return [step("screens", ["screen"], [silver])]


def dwh(after=()):
    """The star schema: facts and dimensions."""
    return [step("build_star", ["transform", "--layer", "star", *SKIP_CODE], after)]


def analytics(after=()):
    """Marts, and all of it as one version for readers: the whole of it, or nothing."""
    marts = step("build_marts", ["transform", "--layer", "marts", *SKIP_CODE], after)
    return [step("publish", ["publish", *SKIP_CODE], [marts])]`
