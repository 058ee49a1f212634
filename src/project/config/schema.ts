import * as z from "zod"
import { ENCODINGS, FORMATS, SCHEMA_POLICIES } from "../../core/file-format.ts"
import { isBucketUri, parseBucketUri } from "../../storage/bucket-uri.ts"
import { airflow } from "./airflow-schema.ts"
import { PRESET_NAMES, PRESETS } from "./presets.ts"
import { name, NAME_RULE, path, place, text } from "./values.ts"
import { location, projectId, warehouse } from "./warehouse-schema.ts"

/**
 * `cartwright.yaml`, declared once: this gives the validation, the types, the JSON Schema for editors
 * (`cartwright.schema.json`) and the reference (docs/configuration.md). A `path` is relative to the shop's folder.
 */

const datasetName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a name of letters, digits and underscores")
  .max(120)

const datasetSchema = z.strictObject({
  files: text.meta({
    description:
      "Which files hold the data set: a glob relative to the source's `path`. `*` stays within a folder, `**/` crosses folders, `{a,b}` chooses.",
    examples: ["orders.csv.gz", "events/date=*/*.parquet"],
  }),
  include: z.boolean().default(true).meta({
    description: "`false` leaves the data set out: its files stay where they are and nothing is landed.",
  }),
  key: z
    .array(text)
    .min(1)
    .optional()
    .meta({
      description:
        "The columns that identify a record. Without them, deliveries are compared line by line, and equal lines are counted.",
      examples: ["[order_id]"],
    }),
  updated_at: text.optional().meta({
    description:
      "The column that says when a record last changed at its source. Without it, the time of the delivery counts.",
    examples: ["updated_at"],
  }),
  kind: z.enum(["full", "incremental"]).default("full").meta({
    description:
      "Whether a delivery holds all records (`full`) or only new and changed ones (`incremental`).",
  }),
  format: z
    .enum(FORMATS)
    .optional()
    .meta({ description: "How the files are written. Found out from their content." }),
  encoding: z
    .enum(ENCODINGS as [(typeof ENCODINGS)[number], ...(typeof ENCODINGS)[number][]])
    .optional()
    .meta({ description: "The encoding of the text. Found out from the content." }),
  delimiter: z
    .string()
    .min(1)
    .max(4)
    .optional()
    .meta({
      description: "What separates the fields of a CSV file. Found out from the content.",
      examples: ['";"', '"\\t"'],
    }),
  quote: z.string().max(1).optional().meta({
    description:
      'What encloses the fields of a CSV file: `"` unless stated; empty for a file without quoting.',
  }),
  header: z.boolean().optional().meta({
    description: "Whether the first line of a CSV file names its columns: `true` unless stated.",
  }),
  null_text: z
    .array(text)
    .optional()
    .meta({
      description: "Texts that mean “no value” in every column, beside the empty text.",
      examples: ['["NULL", "\\\\N"]'],
    }),
  schema: z.enum(SCHEMA_POLICIES).optional().meta({
    description: "As the source's `schema`, for this data set: what the source says unless stated.",
  }),
})

const sourceSchema = z.strictObject({
  files: z
    .strictObject({
      path: place.meta({
        description: "The folder that holds the source's files, or a place in Google Cloud Storage.",
        examples: ["../exports", "gs://my-bucket/exports"],
      }),
      datasets: z
        .record(name, datasetSchema)
        .refine((datasets) => Object.keys(datasets).length > 0, "must have at least one data set")
        .meta({
          description: `The data sets of the source, by name: ${NAME_RULE}.`,
        }),
    })
    .meta({ description: "Files in a folder of this machine or in a bucket." }),
  schema: z.enum(SCHEMA_POLICIES).default("evolve").meta({
    description:
      "What happens when a delivery's columns are not those of the one before: `evolve` takes them as they are, `freeze` leaves new ones out of bronze, `stop` holds the delivery, and nothing is published, until `cartwright accept`. All three say what changed.",
  }),
})

const PUBLISHED = "published"

const datasetNames = {
  bronze: datasetName.optional().meta({ description: "Another name for the dataset of the change logs." }),
  silver: datasetName
    .optional()
    .meta({ description: "Another name for the dataset of typed, conformed data." }),
  star: datasetName.optional().meta({ description: "Another name for the dataset of facts and dimensions." }),
  marts: datasetName.optional().meta({ description: "Another name for the dataset of aggregates." }),
  quality: datasetName.optional().meta({ description: "Another name for the dataset of quality records." }),
  meta: datasetName.optional().meta({
    description:
      "Another name for the dataset of what the shop has noted of itself. Two shops in one project of BigQuery need two. Do not rename it later.",
  }),
}

/** `config/gcp_config.json` */
export const gcpConfigSchema = z.strictObject({
  project: projectId.optional(),
  location: location.optional(),
  bucket: text
    .refine(
      (bucket) => parseBucketUri(`gs://${bucket.replace(/^gs:\/\//, "")}`)?.prefix === "",
      "the name of a bucket of Google Cloud Storage",
    )
    .optional(),
  datasets: z.strictObject(datasetNames).optional(),
})

const sections = z.strictObject({
  shop: z
    .strictObject({
      name: text.max(120).meta({ description: "The shop's name, as reports show it." }),
      currency: z
        .string()
        .regex(/^[A-Z]{3}$/, "a currency code of three capital letters (ISO 4217)")
        .default("USD")
        .meta({
          description:
            "The currency of amounts whose source names none. Handed to the dbt project as `var('currency')`.",
          examples: ["GBP"],
        }),
      time_zone: z
        .string()
        .refine(isTimeZone, "a time zone of the IANA list, such as Europe/London")
        .default("UTC")
        .meta({
          description:
            "The shop's time zone. Times are kept in UTC; it is handed to the dbt project as `var('time_zone')` for models that report local days.",
          examples: ["Europe/London"],
        }),
    })
    .meta({ description: "Who the shop is." }),
  sources: z
    .record(name, sourceSchema)
    .refine((sources) => Object.keys(sources).length > 0, "must have at least one source")
    .meta({
      description:
        "Where the data comes from, by the source's name. `thelook` and `online_retail` have models of their own; any other name is loaded to bronze and needs a staging model in `dbt/`.",
    }),
  datasets: z
    .strictObject({
      preset: z.enum(PRESET_NAMES).default("default").meta({
        description:
          "The names of the warehouse's datasets: `default` bronze, silver, gold, gold · `raw_staging_marts` RAW, STAGING, MARTS, MARTS · `ecommerce` ecommerce_staging, ecommerce_staging, ecommerce_dwh, ecommerce_analytics.",
      }),
      ...datasetNames,
    })
    .prefault({})
    .meta({ description: "How the warehouse's datasets are called." }),
  transform: z
    .strictObject({
      engine: z.enum(["embedded", "dbt"]).optional().meta({
        description:
          "Who runs the dbt project: the embedded runner, which needs no Python, or real dbt. Unless stated, `embedded`; on BigQuery, where only real dbt runs, `dbt`.",
      }),
      dbt: text.default("dbt").meta({
        description: "The dbt executable for `engine: dbt`: a name on the PATH or a path.",
        examples: [".venv/bin/dbt", "/opt/dbt/bin/dbt"],
      }),
      project: path.default("dbt").meta({ description: "The folder of the shop's dbt project." }),
      threads: z.int().min(1).max(64).optional().meta({
        description: "How many models may be built at once. Unless stated 2, and 4 where few rows are new.",
      }),
    })
    .prefault({})
    .meta({ description: "From bronze to gold." }),
  warehouse,
  lake: z
    .strictObject({
      path: place.default("lake").meta({
        description: "The folder that keeps every delivery as it came, or a place in Google Cloud Storage.",
        examples: ["gs://my-bucket/lake"],
      }),
    })
    .prefault({})
    .meta({ description: "What was received." }),
  publish: z
    .strictObject({
      path: path.optional().meta({
        description:
          "The folder of the published versions. Not to be stated on BigQuery, which publishes views; `published` then has what questions are answered from.",
        default: PUBLISHED,
      }),
      dataset: datasetName.optional().meta({
        description: "BigQuery: the dataset that readers use. It has a view per table.",
        default: PUBLISHED,
      }),
      export: place
        .refine(isBucketUri, "a place in Google Cloud Storage, as gs://bucket/prefix")
        .optional()
        .meta({
          description:
            "BigQuery: where each version also goes as Parquet, below its name; `cartwright serve`, `query` and `explain` answer from there. Reading all tables for it is billed.",
          examples: ["gs://my-bucket/published"],
        }),
      keep: z.int().min(2).max(1000).default(5).meta({
        description:
          "How many versions stay. A reader has that many publications of time to finish with a version.",
      }),
    })
    .prefault({})
    .meta({ description: "What readers see." }),
  run: z
    .strictObject({
      delete_guard: z
        .strictObject({
          rows: z.int().min(0).default(100).meta({
            description: "A full delivery may miss this many records of its predecessor …",
          }),
          percent: z.number().min(0).max(100).default(20).meta({
            description:
              "… or this part of them, whichever is more. If more are missing, it deletes nothing.",
          }),
        })
        .prefault({})
        .meta({ description: "Protection against deliveries that were cut short." }),
      keep: z
        .int()
        .min(1)
        .max(100_000)
        .default(200)
        .meta({ description: "How many run records stay in `runs/`." }),
    })
    .prefault({})
    .meta({ description: "How runs behave." }),
  airflow,
})

export const configSchema = sections.transform(({ transform, publish, ...config }, context) => {
  const { type } = config.warehouse
  const complain = (path: string[], message: string) =>
    context.issues.push({ code: "custom", input: config, path, message })
  const { engine = type === "bigquery" ? "dbt" : "embedded", ...rest } = transform
  if (type === "bigquery" && engine === "embedded")
    complain(
      ["transform", "engine"],
      "dbt where warehouse.type is bigquery: the embedded runner builds in DuckDB only",
    )
  for (const key of type === "bigquery" ? (["path"] as const) : (["dataset", "export"] as const))
    if (publish[key] !== undefined) complain(["publish", key], `left out where warehouse.type is ${type}`)
  const { path: folder = PUBLISHED, dataset = PUBLISHED } = publish
  const { preset, ...named } = config.datasets
  if (type === "bigquery" && Object.values({ ...PRESETS[preset], ...named }).includes(dataset))
    complain(["publish", "dataset"], "another dataset than those that models are built in")
  return { ...config, transform: { ...rest, engine }, publish: { ...publish, path: folder, dataset } }
})

/** The configuration with every default filled in. */
export type ShopConfig = z.infer<typeof configSchema>

function isTimeZone(zone: string): boolean {
  // The default needs no data of time zones, whose loading takes 10 ms.
  if (zone === "UTC") return true
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}
