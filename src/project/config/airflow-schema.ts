import * as z from "zod"
import { text } from "./values.ts"

/** The section `airflow`: what `cartwright deploy airflow` makes DAGs of. */

const KEY = /^[A-Za-z0-9_.-]{1,100}$/
const minutes = z.number().positive().max(100_000)
const CRON_FIELD = String.raw`[\dA-Za-z*,/#?-]+`
const CRON = new RegExp(
  String.raw`^(?:manual|@(?:hourly|daily|weekly|monthly|quarterly|yearly)|${CRON_FIELD}(?: ${CRON_FIELD}){4})$`,
)

export const airflow = z
  .strictObject({
    layout: z.enum(["chain", "one"]).default("chain").meta({
      description:
        "`chain`: four DAGs, of which each starts the next, `<prefix>_ingestion_dag`, `_staging_dag`, `_dwh_dag`, `_analytics_dag`. `one`: one DAG `cartwright_<name>` with a task group for each.",
    }),
    prefix: z
      .string()
      .regex(KEY, "letters, digits, _, - and .")
      .default("ecom")
      .meta({ description: "How the names of the four DAGs begin. Each shop of an Airflow needs its own." }),
    name: z
      .string()
      .regex(KEY, "letters, digits, _, - and .")
      .optional()
      .meta({
        description:
          "The shop's name in Airflow. Unless stated, `shop.name` in small letters, with _ for what a DAG's id cannot have.",
        examples: ["toys_and_more"],
      }),
    schedule: z
      .string()
      .regex(CRON, "a cron expression of five fields, @hourly, @daily, @weekly, @monthly or manual")
      .default("0 6 * * *")
      .meta({
        description:
          "When the first DAG runs, in the shop's time zone; `manual`: only when somebody triggers it.",
        examples: ["@hourly", "30 5 * * 1-5"],
      }),
    start_date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-01-01")
      .refine((day) => !Number.isNaN(Date.parse(day)), "a day of the calendar")
      .default("2024-01-01")
      .meta({
        description:
          "No interval before this day can be filled in. Those that were missed are not run by themselves.",
      }),
    command: z
      .array(text)
      .min(1)
      .default(["cartwright"])
      .meta({
        description: "The program on the workers, and words before the command.",
        examples: ["[/opt/cartwright/bin/cartwright]"],
      }),
    folder: text.optional().meta({
      description: "The shop's folder on the workers. Unless stated, where it is when the DAGs are made.",
      examples: ["/home/airflow/gcs/data/my-shop"],
    }),
    retries: z.int().min(0).max(100).default(3).meta({
      description:
        "How often a task is tried again where that may help: exit codes 3, 4, 5, 7, 8, 9, 130, and after a kill.",
    }),
    retry_minutes: minutes
      .default(2)
      .meta({ description: "The wait before the first retry; it doubles each time …" }),
    retry_minutes_max: minutes.default(30).meta({ description: "… up to this." }),
    task_minutes: minutes
      .default(120)
      .meta({ description: "A task that takes longer is stopped, and tried again." }),
    run_minutes: minutes.default(360).meta({ description: "A run of a DAG that takes longer fails." }),
    pool: z.string().regex(KEY, "letters, digits, _, - and .").optional().meta({
      description:
        "The pool of all tasks. It needs one slot: a shop has one writer. `cartwright_<name>` unless stated.",
    }),
    owner: text.default("cartwright").meta({ description: "The owner of all tasks." }),
    tags: z.array(text).default([]).meta({ description: "Tags beside `cartwright` and the shop's name." }),
    alert: z
      .string()
      .regex(/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/, "a Python function by its module, such as shop_alerts.tell")
      .optional()
      .meta({
        description:
          "A function that is called with Airflow's context when a task has failed for good, and when a deadline is missed.",
        examples: ["shop_alerts.tell"],
      }),
    deadline_minutes: minutes.optional().meta({
      description:
        "A run that takes longer is told to `alert`: a deadline from Airflow 3.2 on, an SLA in Airflow 2.",
    }),
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_]\w*$/, "a name of an environment variable"),
        z
          .string()
          .regex(/^[A-Za-z0-9_.-]+$/, "a name of an Airflow Variable")
          .meta({
            description:
              "The Airflow Variable whose value a task finds in this environment variable. The DAGs hold its name only.",
          }),
      )
      .default({})
      .meta({ description: "What tasks find in their environment, from Airflow's Variables." }),
  })
  .superRefine(({ deadline_minutes: deadline, alert }, context) => {
    if (deadline !== undefined && alert === undefined)
      context.addIssue({ code: "custom", path: ["alert"], message: "stated where deadline_minutes is" })
  })
  .prefault({})
  .meta({ description: "The DAGs that `cartwright deploy airflow` makes (docs/airflow.md)." })
