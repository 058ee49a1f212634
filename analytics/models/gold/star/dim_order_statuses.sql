{{ config(materialized='incremental', unique_key='order_status_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}

with delivered as (

    {{ values_named('order_status', [
        ['thelook', 'orders', 'status'], ['thelook', 'order_items', 'status'], ['orders', 'order_status'], ['sales_lines', 'order_status'],
    ], moment) | indent(4) }}

),

named as (

    select order_status from delivered
    {%- if moment.all %}
    union distinct
    select order_status from {{ ref('order_statuses') }}
    {%- endif %}

)

select
    {{ key_of(['named.order_status']) }} as order_status_key,
    named.order_status,
    coalesce(known.is_open, false) as is_open,
    coalesce(known.is_cancelled, false) as is_cancelled,
    coalesce(known.is_returned, false) as is_returned,
    known.order_status is not null as is_known,
    coalesce(known.meaning, 'A status that the seed order_statuses does not know') as meaning,
    {{ moment.cut }} as _cut
from named
left join {{ ref('order_statuses') }} as known on known.order_status = named.order_status
{% if moment.all %}
union all

select member_key, member_name, false, false, false, true, 'Fixed member', {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
