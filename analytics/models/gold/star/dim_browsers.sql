{{ config(materialized='incremental', unique_key='browser_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}

with named as (

    {{ values_named('browser', [['thelook', 'events', 'browser'], ['events', 'browser']], moment) | indent(4) }}

)

select
    {{ key_of(['browser']) }} as browser_key,
    browser,
    {{ moment.cut }} as _cut
from named
{% if moment.all %}
union all

select member_key, member_name, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
