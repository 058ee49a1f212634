import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import { metricOf, usePage } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"

export const overview: PageDeclaration = {
  name: "overview",
  title: "Overview",
  question: "How is the shop doing, and what is behind it?",
  needs: "orders",
  component: Overview,
}

function Overview() {
  const { shop } = usePage()
  const hasSessions = metricOf(shop, "sessions")?.missing === undefined
  return (
    <>
      {hasSessions ? (
        <Figures
          metrics={["sessions", "order_rate", "average_order_value", "net_sales"]}
          operators={["×", "×", "="]}
        />
      ) : (
        <Figures metrics={["orders", "average_order_value", "net_sales"]} operators={["×", "="]} />
      )}
      <TrendCard metric="net_sales" />
      <Figures metrics={["orders", "customers", "repeat_rate", "return_rate"]} />
      <div class="grid">
        {hasSessions && <BarsCard metrics={["sessions", "conversion_rate"]} by="channel" />}
        <BarsCard metrics={["net_sales", "orders"]} by={hasSessions ? "category" : "product_name"} />
        <BarsCard metrics={["net_sales", "orders"]} by="country" />
        {hasSessions && (
          <BarsCard
            metrics={["net_sales", "customers"]}
            by="first_channel"
            note="By how the customer first came to the shop"
          />
        )}
      </div>
    </>
  )
}
