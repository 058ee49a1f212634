{{ config(enabled=has_data_set('online_retail', 'invoices'), materialized='view') }}

-- An order is an invoice on which at least one product was sold. Cancellations, bad debt and stock corrections come on
-- documents of their own, which are no orders. The file has no statuses and no shipping: an invoice is a finished order.
select
    'online_retail' as source_name,
    invoice_no as order_id,
    max(customer_id) as customer_id,
    'Complete' as order_status,
    min(invoiced_at) as ordered_at,
    {{ null_of('timestamp') }} as shipped_at,
    {{ null_of('timestamp') }} as delivered_at,
    {{ null_of('timestamp') }} as returned_at,
    {{ null_of('integer') }} as declared_item_count,
    -- Of the first line.
    {{ value_at_least('_first_landing_id', 'case when occurrence = 1 then ' ~ rank_with_key(unix_micros('invoiced_at'), 'content_key') ~ ' end') }} as landing_id
from {{ ref('stg_online_retail__invoices') }}
where line_kind = 'sale'
group by invoice_no
