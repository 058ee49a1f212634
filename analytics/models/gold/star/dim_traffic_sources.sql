{{ config(materialized='incremental', unique_key='traffic_source_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}

with named as (

    {{ values_named('traffic_source', [
        ['thelook', 'users', 'traffic_source'], ['thelook', 'events', 'traffic_source'],
        ['customers', 'traffic_source'], ['events', 'traffic_source'],
    ], moment) | indent(4) }}

)

select
    {{ key_of(['traffic_source']) }} as traffic_source_key,
    traffic_source,
    {{ moment.cut }} as _cut
from named
{% if moment.all %}
union all

select member_key, member_name, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
