import { BarsCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import type { PageDeclaration } from "../pages.ts"
import { Paths } from "./paths.tsx"

export const behaviour: PageDeclaration = {
  name: "behaviour",
  title: "Behaviour",
  question: "What do visitors do, and which way do they take?",
  needs: "sessions",
  component: Behaviour,
}

function Behaviour() {
  return (
    <>
      <Figures metrics={["sessions", "visitors", "events_per_session", "bounce_rate"]} />
      <Paths />
      <BarsCard
        metrics={["sessions", "bounce_rate", "conversion_rate", "sourced_sales", "sales_per_visit"]}
        title="Sources and what they lead to"
        by="channel"
        note="Sales are those of orders that the source brought; the funnel says how that is known."
      />
      <div class="grid">
        <BarsCard metrics={["event_count"]} title="Most frequent events" by="event_type_name" />
        <BarsCard
          metrics={["sessions", "bounce_rate", "conversion_rate"]}
          title="First pages"
          by="entry_page_type"
        />
        <BarsCard metrics={["sessions", "conversion_rate"]} title="Last pages" by="exit_page_type" />
        <BarsCard metrics={["sessions", "conversion_rate"]} title="Most frequent paths" by="page_path" />
      </div>
    </>
  )
}
