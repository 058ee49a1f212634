{{ config(
    enabled=has_data_set('online_retail', 'invoices'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_online_retail__invoices', '_content_key', 'content_key') }}"
) }}
{%- set moment = moment() %}
{%- set log = ref('log_online_retail__invoices') %}

with lines as (

    {{ current_lines(log, only=none if moment.all else '_content_key in (' ~ keys_since(log, '_content_key', moment) ~ ')') | indent(4) }}

),

codes as (

    select
        lines.*,
        -- The same article is written 85123A and 85123a.
        upper(lines.stock_code) as product_code
    from lines

)

select
    codes.invoice_no,
    codes.stock_code,
    codes.product_code,
    codes.description,
    codes.quantity,
    codes.invoiced_at,
    codes.unit_price,
    codes.customer_id,
    codes.country,
    case
        when codes.invoice_no like 'A%' then 'adjustment'
        when non_products.stock_code is not null then 'non_product'
        when codes.invoice_no like 'C%' then 'cancellation'
        when codes.quantity <= 0 or codes.unit_price <= 0 then 'adjustment'
        else 'sale'
    end as line_kind,
    non_products.kind as non_product_kind,
    codes.content_key,
    codes.occurrence,
    codes.occurrence > 1 as is_duplicate,
    codes._row_hash,
    codes._landing_id,
    codes._first_landing_id,
    codes._row_number,
    codes._change_seq,
    {{ moment.cut }} as _cut
from codes
left join {{ ref('non_product_codes') }} as non_products on non_products.stock_code = codes.product_code
