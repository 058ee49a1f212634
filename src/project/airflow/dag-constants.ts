import { dagIds, text } from "./dag-ids.ts"
import type { DagSettings } from "./dag-settings.ts"

/** What the DAGs of one shop take from its configuration, as Python. */
export function constants(settings: DagSettings): string {
  const { environment, schedule, deadline_minutes: deadline } = settings
  const cron =
    schedule === "manual" ? "None" : `CronDataIntervalTimetable(${text(schedule)}, timezone=TIME_ZONE)`
  const variables = Object.entries(environment).map(
    ([key, variable]) => `    ${text(key)}: "{{ var.value['${variable}'] }}",\n`,
  )
  return `SHOP = ${text(settings.folder)}
COMMAND = ${list(settings.command)}
SOURCES = ${list(settings.sources)}
TIME_ZONE = ${text(settings.timeZone)}
SCHEDULE = ${cron}
# From Airflow's Variables, read when a task runs.
ENVIRONMENT = {${variables.length > 0 ? `\n${variables.join("")}` : ""}}${
    deadline === undefined ? "" : `\nDEADLINE = timedelta(minutes=${deadline})`
  }`
}

/** The arguments of every DAG and task. */
export function dagArguments(settings: DagSettings): string {
  const { alert, deadline_minutes: deadline } = settings
  const late = deadline === undefined ? "" : `\n    **LATE,`
  const onFailure = alert === undefined ? "" : `\n        "on_failure_callback": tell_failure,`
  const sla = deadline === undefined ? "" : `\n        **({"sla": DEADLINE} if AIRFLOW_2 else {}),`
  return `SETTINGS = {
    "start_date": pendulum.parse(${text(settings.start_date)}, tz=TIME_ZONE),
    "catchup": False,
    "max_active_runs": 1,
    "dagrun_timeout": timedelta(minutes=${settings.run_minutes}),
    "tags": ${list(settings.tags)},
    "doc_md": __doc__,
    "default_args": {
        "owner": ${text(settings.owner)},
        # One slot: a shop has one writer at a time.
        "pool": ${text(settings.pool)},
        "retries": ${settings.retries},
        "retry_delay": timedelta(minutes=${settings.retry_minutes}),
        # Each wait is twice the one before it.
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=${settings.retry_minutes_max}),
        "execution_timeout": timedelta(minutes=${settings.task_minutes}),${onFailure}${sla}
    },${late}
}`
}

/** The documentation that every DAG shows. */
export function documentation(settings: DagSettings): string {
  const { shop, folder, layout } = settings
  const ids = dagIds(settings).map((id) => `\`${id}\``)
  const how =
    layout === "chain"
      ? `Trigger ${ids[0] ?? ""}: each DAG starts the next, ${ids.join(" → ")}.`
      : `${ids[0] ?? ""} has a task group for each part: ingestion, staging, dwh, analytics.`
  return `**${shop}**: the shop's files to a published star schema and marts, by Cartwright.

${how}
Every task may be cleared and run again at any time; where nothing changed it is skipped.
A screen that stops, or a failed test, keeps the last good version published.

What each step did is in \`${folder}/runs/\`; \`cartwright status --dir ${folder}\` sums it up.
Made by \`cartwright deploy airflow\` from cartwright.yaml: change that, and make this file anew.`
}

function list(values: readonly string[]): string {
  return `[${values.map(text).join(", ")}]`
}
