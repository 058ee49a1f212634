{{ config(enabled=has_data_set('thelook', 'orders'), materialized='view') }}

with current_orders as (

    {{ with_landing(ref('stg_thelook__orders'), ref('superseded_thelook__orders')) | indent(4) }}

)

select
    'thelook' as source_name,
    order_id,
    user_id as customer_id,
    status as order_status,
    created_at as ordered_at,
    shipped_at,
    delivered_at,
    returned_at,
    num_of_item as declared_item_count,
    landing_id
from current_orders
