{%- set moment = moment() %}
-- Products that tie share a rank and are all kept, so a month may have more than N; the next rank is skipped.
with ranked as (

    select
        *,
        rank() over (partition by month_start, source_name, currency order by net_sales desc) as sales_rank
    from {{ ref('agg_monthly_product_sales') }}
    where net_sales > 0

)

select
    ranked.month_start,
    ranked.source_name,
    ranked.currency,
    ranked.sales_rank,
    ranked.product_durable_key,
    products.product_id,
    products.product_name,
    products.category,
    products.brand,
    ranked.units_sold,
    ranked.gross_sales,
    ranked.returns,
    ranked.net_sales,
    {{ moment.cut }} as _cut
from ranked
inner join {{ ref('dim_products') }} as products
    on products.product_durable_key = ranked.product_durable_key and products.is_current
where ranked.sales_rank <= {{ var('top_n') }}
