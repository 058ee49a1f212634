with named as (

    select order_status from {{ ref('orders') }} where order_status is not null
    union distinct
    select order_status from {{ ref('sales_lines') }} where order_status is not null
    union distinct
    select order_status from {{ ref('order_statuses') }}

)

select
    {{ key_of(['named.order_status']) }} as order_status_key,
    named.order_status,
    coalesce(known.is_open, false) as is_open,
    coalesce(known.is_cancelled, false) as is_cancelled,
    coalesce(known.is_returned, false) as is_returned,
    known.order_status is not null as is_known,
    coalesce(known.meaning, 'A status that the seed order_statuses does not know') as meaning
from named
left join {{ ref('order_statuses') }} as known on known.order_status = named.order_status

union all

select member_key, member_name, false, false, false, true, 'Fixed member'
from {{ fixed_members() }} as members
