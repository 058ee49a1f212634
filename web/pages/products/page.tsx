import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import { metricOf, usePage } from "../../state/shop.ts"
import type { PageDeclaration } from "../pages.ts"

export const products: PageDeclaration = {
  name: "products",
  title: "Products",
  question: "What sells, and what comes back?",
  needs: "units",
  component: Products,
}

function Products() {
  const { shop } = usePage()
  const hasCategories = metricOf(shop, "sessions")?.missing === undefined
  return (
    <>
      <Figures metrics={["units", "gross_sales", "returns", "return_rate"]} />
      <BarsCard metrics={["net_sales", "units", "orders", "return_rate"]} by="product_name" limit={20} />
      {hasCategories && (
        <div class="grid">
          <BarsCard metrics={["net_sales", "return_rate"]} by="category" limit={26} />
          <BarsCard metrics={["net_sales", "return_rate"]} by="brand" limit={26} />
        </div>
      )}
      <TrendCard metric="units" />
    </>
  )
}
