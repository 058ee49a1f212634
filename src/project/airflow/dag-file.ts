import { constants, dagArguments, documentation } from "./dag-constants.ts"
import { dagIds, text } from "./dag-ids.ts"
import type { DagSettings } from "./dag-settings.ts"
import { alerts, IMPORTS, OPERATOR, TASKS } from "./python-parts.ts"

/** The Python file of a shop's DAGs: the same settings give the same text. It holds no secret, only names of Airflow's Variables. */
export function dagFile(settings: DagSettings): string {
  const { alert, deadline_minutes: deadline, layout } = settings
  const doc = documentation(settings).replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"')
  return [
    `"""\n${doc}\n"""`,
    IMPORTS,
    constants(settings),
    OPERATOR,
    ...(alert === undefined ? [] : [alerts(alert, deadline !== undefined)]),
    dagArguments(settings),
    TASKS,
    layout === "chain" ? chain(settings) : oneDag(settings),
  ].join("\n\n\n")
}

function chain(settings: DagSettings): string {
  const [ingestion = "", staging = "", dwh = "", analytics = ""] = dagIds(settings).map(text)
  const asset = (layer: string) => `Asset(${text(`cartwright://${settings.name}/${layer}`)})`
  return `# What one DAG hands to the next. It is handed on also where nothing changed, so that a run after a failure makes up for it.
BRONZE = ${asset("bronze")}
SILVER = ${asset("silver")}
STAR = ${asset("star")}


def hand_over(asset, after, trigger_rule="none_failed"):
    done = EmptyOperator(task_id="hand_over", outlets=[asset], trigger_rule=trigger_rule)
    done.set_upstream(after)


with DAG(${ingestion}, schedule=SCHEDULE, description="Files to lake to bronze", **SETTINGS):
    # A source that fails does not keep the others from going on; the run fails all the same.
    hand_over(BRONZE, ingestion(), trigger_rule="all_done")

with DAG(${staging}, schedule=[BRONZE], description="Bronze to silver, screened", **SETTINGS):
    hand_over(SILVER, staging())

with DAG(${dwh}, schedule=[SILVER], description="Silver to the star schema", **SETTINGS):
    hand_over(STAR, dwh())

with DAG(${analytics}, schedule=[STAR], description="Marts, then one published version", **SETTINGS):
    analytics()
`
}

function oneDag(settings: DagSettings): string {
  const [id = ""] = dagIds(settings).map(text)
  return `with DAG(${id}, schedule=SCHEDULE, description="Files to a published version", **SETTINGS):
    after = []
    for part in (ingestion, staging, dwh, analytics):
        with TaskGroup(part.__name__):
            after = part(after)
`
}
