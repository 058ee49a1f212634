{{ config(enabled=(target.type == 'bigquery' or var('reporting', false))) }}

-- What was sold of each product, month by month.
select
    sales.month_start as month,
    sales.source_name as source,
    sales.currency,
    products.product_id,
    products.product_name as product,
    products.category,
    products.brand,
    products.department,
    sales.units_sold,
    sales.gross_sales,
    sales.returns,
    sales.net_sales
from {{ ref('agg_monthly_product_sales') }} as sales
inner join {{ ref('dim_products') }} as products
    on products.product_durable_key = sales.product_durable_key and products.is_current
