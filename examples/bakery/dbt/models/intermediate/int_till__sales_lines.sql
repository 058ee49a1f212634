-- The till's lines as the canonical entity sales_lines: the star schema takes them from here.
select
    'till' as source_name,
    receipt || '-' || cast(_row_number as varchar) as line_id,
    receipt as invoice_no,
    case when quantity > 0 then receipt end as order_id,
    article as stock_code,
    article as product_id,
    card as customer_id,
    'France' as country,
    case when quantity > 0 then 'sale' else 'cancellation' end as line_kind,
    'Complete' as order_status,
    sold_at,
    cast(null as timestamp) as shipped_at,
    cast(null as timestamp) as delivered_at,
    cast(null as timestamp) as returned_at,
    quantity,
    price as unit_price,
    'EUR' as currency,
    false as is_returned,
    false as is_duplicate
from {{ ref('stg_files__till') }}
