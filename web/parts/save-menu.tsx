import type { RefObject } from "preact"
import { periodText, valueText } from "../format.ts"
import { frozen, known } from "../state/known.ts"
import { labelOf, type Page, periodOf, usePage } from "../state/shop.ts"
import { savePicture } from "./picture.ts"
import { fileName } from "./save.ts"

/** A card as a file: its numbers from the server, its picture as it is on the screen. */
export function SaveMenu({
  title,
  question,
  card,
}: {
  title: string
  question: object
  card: RefObject<HTMLElement>
}) {
  const page = usePage()
  const path = (format: string) =>
    `/api/export?q=${encodeURIComponent(JSON.stringify(question))}&format=${format}`
  const csv = known(path("csv"))
  const picture = (format: "svg" | "png") => {
    if (card.current !== null) void savePicture(card.current, format, { title, caption: captionOf(page) })
  }
  return (
    <details
      class="menu"
      onKeyDown={({ key, currentTarget }) => {
        if (key !== "Escape" || !currentTarget.open) return
        currentTarget.open = false
        currentTarget.querySelector("summary")?.focus()
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) currentTarget.open = false
      }}
    >
      <summary aria-label={`Save ${title}`}>Save</summary>
      <div class="choices">
        {(frozen === undefined || typeof csv === "string") && (
          <a
            href={
              typeof csv === "string" ? `data:text/csv;charset=utf-8,${encodeURIComponent(csv)}` : path("csv")
            }
            download={fileName(title, "csv")}
          >
            CSV
          </a>
        )}
        {frozen === undefined && (
          <a href={path("parquet")} download={fileName(title, "parquet")}>
            Parquet
          </a>
        )}
        <button type="button" onClick={() => picture("svg")}>
          SVG
        </button>
        <button type="button" onClick={() => picture("png")}>
          PNG
        </button>
      </div>
    </details>
  )
}

const AGAINST = {
  previous_year: "against the year before",
  previous_period: "against the period before",
  none: undefined,
}

/** What of the shop is shown, in one line. */
export function captionOf({ shop, view }: Pick<Page, "shop" | "view">): string {
  const period = periodOf({ shop, view })
  return [
    shop.name,
    period === undefined ? undefined : periodText(period),
    AGAINST[view.compare],
    ...view.filters.map(
      ({ dimension, values }) => `${labelOf(shop, dimension)}: ${values.map(valueText).join(", ")}`,
    ),
  ]
    .filter((part) => part !== undefined)
    .join(" · ")
}
