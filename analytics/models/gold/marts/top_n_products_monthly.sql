with monthly as (

    select
        dates.month_start,
        sales.source_name,
        sales.currency,
        sales.product_durable_key,
        {{ total("case when sales.line_kind = 'sale' then sales.quantity else 0 end") }} as units_sold,
        {{ money_total('sales.gross_amount') }} as gross_sales,
        {{ money_total('sales.return_amount') }} as returns,
        {{ money_total('sales.net_amount') }} as net_sales
    from {{ ref('fact_sales') }} as sales
    inner join {{ ref('dim_dates') }} as dates on dates.date_key = sales.date_key
    where sales.line_kind in ('sale', 'cancellation')
    group by dates.month_start, sales.source_name, sales.currency, sales.product_durable_key

),

-- Products that tie share a rank and are all kept, so a month may have more than N; the next rank is skipped.
ranked as (

    select
        *,
        rank() over (partition by month_start, source_name, currency order by net_sales desc) as sales_rank
    from monthly
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
    ranked.net_sales
from ranked
inner join {{ ref('dim_products') }} as products
    on products.product_durable_key = ranked.product_durable_key and products.is_current
where ranked.sales_rank <= {{ var('top_n') }}
