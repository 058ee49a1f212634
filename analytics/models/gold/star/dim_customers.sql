{{ config(
    materialized='incremental', unique_key='customer_key',
    pre_hook="{{ cartwright.keep_stamps() }}",
    post_hook=[
        "{{ cartwright.purge_versions('customers', 'customer_id', 'customer_durable_key') }}",
        "{{ cartwright.restore_stamps('customer_key') }}", "{{ cartwright.forget_stamps() }}",
    ]
) }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('customers', moment) %}

with {{ version_spans('customers', 'customer_id', none if moment.all else looked_at) }},

-- Customers whom a sale, an order or an event names, but whose own record has not arrived.
{{ placeholders('customers', 'customer_id', looked_at, moment) }},

everyone as (

    select *, false as is_placeholder
    from spans

    union all

    select
        source_name, customer_id, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, false, {{ start_of_time() }}, {{ end_of_time() }}, null, true
    from placeholders

)

select
    {{ key_of(['source_name', 'customer_id', 'first_from']) }} as customer_key,
    {{ durable_key(['source_name', 'customer_id']) }} as customer_durable_key,
    source_name,
    customer_id,
    case
        when is_placeholder then 'Not yet arrived'
        when first_name is null and last_name is null then 'Customer ' || customer_id
        else trim(coalesce(first_name, '') || ' ' || coalesce(last_name, ''), ' ')
    end as customer_name,
    first_name,
    last_name,
    email,
    age,
    gender,
    country,
    state,
    city,
    postal_code,
    latitude,
    longitude,
    {{ location_key('country', 'state', 'city', 'postal_code') }} as location_key,
    traffic_source,
    {{ key_or_unknown('traffic_source') }} as traffic_source_key,
    registered_at,
    country_count,
    valid_from,
    valid_to,
    valid_to = {{ end_of_time() }} as is_current,
    is_deleted,
    is_placeholder,
    {{ moment.cut }} as _cut
from everyone
{% if moment.all %}
union all

select
    member_key, member_key, null, null, member_name, null, null, null, null, null, null, null, null, null, null, null,
    -1, null, -1, null, null, {{ start_of_time() }}, {{ end_of_time() }}, true, false, false, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
