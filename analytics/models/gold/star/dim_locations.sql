{{ config(materialized='incremental', unique_key='location_key', post_hook="{{ cartwright.purge_all(entities=true) }}") }}
{%- set moment = moment(entities=true) %}
{%- set looked_at = changed('customers', moment) %}

-- A place stays once a customer, an event or a sale has named it.
with of_customers as (

    select distinct versions.country, versions.state, versions.city, versions.postal_code
    from {{ ref('customer_versions') }} as versions
    {%- if not moment.all %}
    inner join ({{ looked_at | indent(4) }}) as looked_at
        on looked_at.source_name = versions.source_name and looked_at.customer_id = versions.customer_id
    {%- endif %}
    -- A deletion repeats what was delivered last, accepted or not.
    where versions.is_deleted is not true

),

of_facts as (

    {%- set since = '' if moment.all else ' and _cut > ' ~ moment.since %}
    {%- set unknown = null_of('text') %}
    {{ no_rows({'country': 'text', 'state': 'text', 'city': 'text', 'postal_code': 'text'}) | indent(4) }}
    {% if has_data_set('thelook', 'events') -%}
    union all
    select distinct {{ unknown }}, state, city, postal_code
    from {{ ref('log_thelook__events') }}
    where not _is_rejected and _op <> 'D'{{ since }}
    {% endif -%}
    {% if has_data_set('online_retail', 'invoices') -%}
    union all
    select distinct case when countries.delivered is null then log.country else countries.country end, {{ unknown }}, {{ unknown }}, {{ unknown }}
    from {{ ref('log_online_retail__invoices') }} as log
    left join {{ ref('country_names') }} as countries on countries.delivered = log.country
    where not log._is_rejected and log._op <> 'D'{{ since }}
    {% endif -%}
    {% for model in var('entity_models', {}).get('events', []) -%}
    union all
    select distinct {{ unknown }}, state, city, postal_code from {{ ref(model) }}
    {% endfor -%}
    {% for model in var('entity_models', {}).get('sales_lines', []) -%}
    union all
    select distinct country, {{ unknown }}, {{ unknown }}, {{ unknown }} from {{ ref(model) }}
    {% endfor %}
),

named as (

    select {{ location_key('country', 'state', 'city', 'postal_code') }} as location_key, country, state, city, postal_code, true as is_of_customers
    from of_customers
    union all
    select {{ location_key('country', 'state', 'city', 'postal_code') }}, country, state, city, postal_code, false
    from of_facts

),

members as (

    select
        named.location_key,
        max(case when named.state is null and named.city is null and named.postal_code is null then named.country end) as country,
        max(named.state) as state,
        max(named.city) as city,
        max(named.postal_code) as postal_code
    from named
    {%- if not moment.all %}
    left join {{ this }} as known on known.location_key = named.location_key
    {%- endif %}
    where named.location_key <> -1
    {%- if not moment.all %}
        and (named.is_of_customers or known.location_key is null)
    {%- endif %}
    group by named.location_key

),

-- An event has no country of its own; a place takes the country that customers there state most often.
stated as (

    select location_key, country
    from {{ ref('dim_customers') }}
    where is_current and country is not null

),

ranked as (

    select
        stated.location_key,
        stated.country,
        row_number() over (partition by stated.location_key order by count(*) desc, stated.country) as place
    from stated
    inner join members on members.location_key = stated.location_key
    group by stated.location_key, stated.country

),

placed as (

    select
        members.location_key,
        coalesce(members.country, ranked.country) as country,
        members.state,
        members.city,
        members.postal_code
    from members
    left join ranked on ranked.location_key = members.location_key and ranked.place = 1

)

select
    location_key,
    coalesce(city || ', ', '') || coalesce(state || ', ', '') || coalesce(country, 'unknown country') as location_name,
    country,
    state,
    city,
    postal_code,
    state is not null or city is not null or postal_code is not null as is_finer_than_country,
    {{ moment.cut }} as _cut
from placed
{% if moment.all %}
union all

select member_key, member_name, null, null, null, null, false, {{ moment.cut }}
from {{ fixed_members() }} as members
{% endif %}
