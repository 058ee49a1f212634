{{ config(enabled=has_data_set('thelook', 'order_items'), materialized='view') }}

with current_order_items as (

    {{ with_landing(ref('stg_thelook__order_items'), ref('superseded_thelook__order_items')) | indent(4) }}

)

-- Every item is one piece at its price. An item that was cancelled was never sold; one that was returned was. An item
-- whose price is not above zero sold nothing.
select
    'thelook' as source_name,
    order_item_id as line_id,
    order_id as invoice_no,
    order_id,
    product_id as stock_code,
    product_id,
    user_id as customer_id,
    {{ null_of('text') }} as country,
    case
        when sale_price <= 0 then 'adjustment'
        when status = 'Cancelled' then 'cancellation'
        else 'sale'
    end as line_kind,
    status as order_status,
    created_at as sold_at,
    shipped_at,
    delivered_at,
    returned_at,
    1 as quantity,
    sale_price as unit_price,
    'USD' as currency,
    coalesce(status = 'Returned', false) or returned_at is not null as is_returned,
    false as is_duplicate,
    landing_id
from current_order_items
