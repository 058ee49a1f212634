with named as (

    select event_type from {{ ref('events') }} where event_type is not null
    union distinct
    select event_type from {{ ref('event_types') }}

)

select
    {{ key_of(['named.event_type']) }} as event_type_key,
    named.event_type,
    coalesce(known.funnel_step, 'none') as funnel_step,
    known.event_type is not null as is_known,
    coalesce(known.meaning, 'An event that the seed event_types does not know') as meaning
from named
left join {{ ref('event_types') }} as known on known.event_type = named.event_type

union all

select member_key, member_name, 'none', true, 'Fixed member'
from {{ fixed_members() }} as members
