"""Imports a folder of DAGs as Airflow does, and prints what is in them as JSON: python read_dags.py DIR"""

import json
import logging
import sys
import time

try:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization as Serialization
except ImportError:
    from airflow.models import DagBag
    from airflow.serialization.serialized_objects import SerializedDAG as Serialization

logging.disable(logging.CRITICAL)
DagBag(sys.argv[1])  # The second time, Airflow's own modules are there, as they are in its processor.
begun = time.process_time()
bag = DagBag(sys.argv[1])
seconds = time.process_time() - begun


def told(dag):
    Serialization.to_dict(dag)
    return {
        "catchup": dag.catchup,
        "maxActiveRuns": dag.max_active_runs,
        "tags": sorted(dag.tags),
        "timeout": dag.dagrun_timeout.total_seconds(),
        "doc": dag.doc_md,
        "schedule": type(dag.timetable).__name__,
        "cron": str(getattr(dag.timetable, "expression", getattr(dag.timetable, "_expression", ""))),
        "zone": str(dag.timezone),
        "deadline": bool(getattr(dag, "deadline", None)) or bool(getattr(dag, "sla_miss_callback", None)),
        "tasks": {
            task.task_id: {
                "before": sorted(task.upstream_task_ids),
                "pool": task.pool,
                "owner": task.owner,
                "retries": task.retries,
                "delay": task.retry_delay.total_seconds(),
                "backoff": bool(task.retry_exponential_backoff),
                "timeout": task.execution_timeout.total_seconds(),
                "alerts": bool(task.on_failure_callback),
                "hands": [asset.uri for asset in task.outlets],
            }
            for task in dag.tasks
        },
    }


result = {
    "errors": list(bag.import_errors.values()),
    "seconds": seconds,
    "dags": {dag_id: told(dag) for dag_id, dag in bag.dags.items()},
}
sys.__stdout__.write("\n" + json.dumps(result) + "\n")
