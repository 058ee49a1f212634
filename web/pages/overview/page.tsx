import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import { isThere, isValueless, usePage } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"

export const overview: PageDeclaration = {
  name: "overview",
  title: "Overview",
  question: "How is the shop doing, and what is behind it?",
  needs: "orders",
  wants: { metrics: ["sessions"], dimensions: ["category", "first_channel"] },
  component: Overview,
}

function Overview() {
  const { shop } = usePage()
  const hasSessions = isThere(shop, "sessions")
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
        <BarsCard metrics={["sessions", "conversion_rate"]} by="channel" />
        <BarsCard
          metrics={["net_sales", "orders"]}
          by={isValueless(shop, "category") ? "product_name" : "category"}
        />
        <BarsCard metrics={["net_sales", "orders"]} by="country" />
        <BarsCard
          metrics={["net_sales", "customers"]}
          by="first_channel"
          note="By how the customer first came to the shop"
        />
      </div>
    </>
  )
}
