{{ config(enabled=has_data_set('online_retail', 'invoices'), materialized='view') }}

select
    'online_retail' as source_name,
    {{ online_retail_line_id('lines.content_key', 'lines.occurrence') }} as line_id,
    lines.invoice_no,
    case when lines.quantity > 0 and lines.line_kind <> 'non_product' then orders.order_id end as order_id,
    lines.stock_code,
    lines.product_code as product_id,
    lines.customer_id,
    case when countries.delivered is null then lines.country else countries.country end as country,
    lines.line_kind,
    case when orders.order_id is not null then 'Complete' end as order_status,
    lines.invoiced_at as sold_at,
    {{ null_of('timestamp') }} as shipped_at,
    {{ null_of('timestamp') }} as delivered_at,
    {{ null_of('timestamp') }} as returned_at,
    lines.quantity,
    lines.unit_price,
    'GBP' as currency,
    false as is_returned,
    lines.is_duplicate,
    lines._first_landing_id as landing_id
from {{ ref('stg_online_retail__invoices') }} as lines
left join {{ ref('int_online_retail__orders') }} as orders on orders.order_id = lines.invoice_no
left join {{ ref('country_names') }} as countries on countries.delivered = lines.country
