import { BarsCard, TrendCard } from "../../parts/cards.tsx"
import { Figures } from "../../parts/figures.tsx"
import type { PageDeclaration } from "../pages.ts"
import { BestByMonth } from "./months.tsx"
import { ProductTable } from "./table.tsx"

export const products: PageDeclaration = {
  name: "products",
  title: "Products",
  question: "What is looked at, what sells, and what comes back?",
  needs: "units",
  wants: {
    metrics: ["product_viewers", "margin"],
    dimensions: ["category", "brand", "department"],
  },
  component: Products,
}

function Products() {
  return (
    <>
      <Figures metrics={["units", "gross_sales", "returns", "return_rate", "margin", "margin_rate"]} />
      <ProductTable />
      <BestByMonth />
      <div class="grid">
        <BarsCard metrics={["net_sales", "margin_rate", "return_rate"]} by="category" limit={26} />
        <BarsCard metrics={["net_sales", "margin_rate", "return_rate"]} by="brand" limit={26} />
        <BarsCard metrics={["net_sales", "units", "return_rate"]} by="price_band" />
        <BarsCard metrics={["net_sales", "margin_rate", "return_rate"]} by="department" />
      </div>
      <TrendCard metric="units" />
    </>
  )
}
