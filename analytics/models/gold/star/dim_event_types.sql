{{ config(materialized='incremental', unique_key='event_type_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}

with delivered as (

    {{ values_named('event_type', [['thelook', 'events', 'event_type'], ['events', 'event_type']], moment) | indent(4) }}

),

named as (

    select event_type from delivered
    {%- if moment.all %}
    union distinct
    select event_type from {{ ref('event_types') }}
    {%- endif %}

)

select
    {{ key_of(['named.event_type']) }} as event_type_key,
    named.event_type,
    coalesce(known.funnel_step, 'none') as funnel_step,
    known.event_type is not null as is_known,
    coalesce(known.meaning, 'An event that the seed event_types does not know') as meaning,
    {{ moment.cut }} as _cut
from named
left join {{ ref('event_types') }} as known on known.event_type = named.event_type
{% if moment.all %}
union all

select member_key, member_name, 'none', true, 'Fixed member', {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
