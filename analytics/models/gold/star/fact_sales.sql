{{ config(
    materialized='incremental', unique_key='sale_key',
    post_hook="{{ cartwright.purge_facts('sales_lines', 'sale_key') }}",
    partition_by=on_bigquery(by_month('sold_at')), cluster_by=on_bigquery(['product_durable_key', 'customer_durable_key'])
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('sales_lines', moment) %}
{%- if not moment.all %}
{%- set looked_at %}
{{ looked_at }}
union distinct
{{ rows_to_rekey(['source_name', 'line_id'], 'sold_at', [
    ['dim_customers', 'customer', ['location_key', 'traffic_source_key']], ['dim_products', 'product', ['cost']],
], moment) }}
{%- endset %}
{%- endif %}

with lines as (

    select
        *,
        cast(quantity * unit_price as {{ type_of('money') }}) as amount
    from ({{ rows_of(ref('sales_lines'), ['source_name', 'line_id'], looked_at, moment) | indent(4) }}) as current_lines

)

select
    {{ key_of(['lines.source_name', 'lines.line_id']) }} as sale_key,
    lines.source_name,
    lines.line_id,
    lines.invoice_no,
    lines.order_id,
    lines.stock_code,
    lines.customer_id,
    lines.line_kind,
    lines.sold_at,
    {{ date_key('lines.sold_at') }} as date_key,
    coalesce(customers.customer_key, -1) as customer_key,
    coalesce(customers.customer_durable_key, -1) as customer_durable_key,
    coalesce(products.product_key, -1) as product_key,
    coalesce(products.product_durable_key, -1) as product_durable_key,
    case
        when lines.country is not null then {{ country_key('lines.country') }}
        else coalesce(customers.location_key, -1)
    end as location_key,
    coalesce(customers.traffic_source_key, -1) as traffic_source_key,
    case
        when lines.order_status is not null then {{ key_of(['lines.order_status']) }}
        when lines.order_id is null then -2
        else -1
    end as order_status_key,
    lines.shipped_at,
    lines.delivered_at,
    lines.returned_at,
    lines.quantity,
    lines.unit_price,
    lines.currency,
    lines.amount,
    -- What was sold, what of it came back, and the difference: products only. A cancellation that reverses an earlier
    -- sale (negative amount) is a return; an item cancelled before it was shipped was never sold.
    case when lines.line_kind = 'sale' then lines.amount else 0 end as gross_amount,
    case
        when lines.line_kind = 'sale' and lines.is_returned then lines.amount
        when lines.line_kind = 'cancellation' and lines.amount < 0 then -lines.amount
        else 0
    end as return_amount,
    case
        when lines.line_kind = 'sale' and not lines.is_returned then lines.amount
        when lines.line_kind = 'cancellation' and lines.amount < 0 then lines.amount
        else 0
    end as net_amount,
    products.cost,
    -- Of what was sold and stayed sold: its price less what it cost the shop. Unknown where the product states no cost in the line's currency.
    case
        when products.cost is null or coalesce(products.currency, lines.currency) <> lines.currency then null
        when lines.line_kind = 'sale' and not lines.is_returned or lines.line_kind = 'cancellation' and lines.amount < 0
            then cast(lines.amount - lines.quantity * products.cost as {{ type_of('money') }})
        when lines.line_kind in ('sale', 'cancellation') then 0
    end as margin_amount,
    lines.is_returned,
    lines.is_duplicate,
    coalesce(audits.audit_key, -1) as audit_key,
    {{ moment.cut }} as _cut
from lines
left join {{ audit_keys() }} as audits on audits.landing_id = lines.landing_id
left join {{ ref('dim_customers') }} as customers
    on customers.source_name = lines.source_name
    and customers.customer_id = lines.customer_id
    and {{ valid_at('customers', 'lines.sold_at') }}
left join {{ ref('dim_products') }} as products
    on products.source_name = lines.source_name
    and products.product_id = lines.product_id
    and {{ valid_at('products', 'lines.sold_at') }}
{{ in_time_order('lines.sold_at') }}
