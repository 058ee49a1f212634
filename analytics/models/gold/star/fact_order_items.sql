{{ config(materialized='view') }}

-- The product lines of fact_sales that belong to an order: what was ordered, and what became of it.
select
    sale_key as order_item_key,
    source_name,
    line_id as order_item_id,
    order_id,
    {{ key_of(['source_name', 'order_id']) }} as order_key,
    sold_at as ordered_at,
    date_key,
    customer_key,
    customer_durable_key,
    product_key,
    product_durable_key,
    location_key,
    traffic_source_key,
    order_status_key,
    shipped_at,
    delivered_at,
    returned_at,
    case when shipped_at >= sold_at then {{ hours_between('sold_at', 'shipped_at') }} end as hours_to_ship,
    case when delivered_at >= shipped_at then {{ hours_between('shipped_at', 'delivered_at') }} end as hours_to_deliver,
    coalesce(shipped_at < sold_at or delivered_at < shipped_at or returned_at < delivered_at, false) as has_time_conflict,
    line_kind,
    quantity,
    unit_price,
    currency,
    amount,
    gross_amount,
    return_amount,
    net_amount,
    is_returned,
    is_duplicate,
    audit_key,
    _cut
from {{ ref('fact_sales') }}
where order_id is not null and line_kind <> 'non_product'
