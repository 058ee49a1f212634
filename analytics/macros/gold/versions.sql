{#-
  Slowly changing dimensions of type 2, as a pure function of the versions that were delivered.

  Versions are ordered by (effective time, extraction time, landing, row number); of those of one effective time the last one
  holds. Neighbours that agree in what is tracked are one version, the first of them. The first version has held since the
  start of time and has the durable key; each later one holds from its effective time, which is part of its key. What is not
  tracked is as in the newest version, in all of them.
-#}

{#- Attributes of which history keeps every state (type 2); all others are overwritten (type 1). -#}
{% macro tracked_attributes(entity) -%}
  {{ return({
    'customers': ['country', 'state', 'city', 'postal_code', 'latitude', 'longitude', 'traffic_source', 'is_deleted'],
    'products': ['brand', 'category', 'department', 'retail_price', 'cost', 'is_deleted']
  }[entity]) }}
{%- endmacro %}

{#-
  Common table expressions that end in `spans`: the versions of each key with their attributes, `valid_from`, `valid_to` and
  `first_from`, null for the first version and else the text of its first microsecond.
  key: the natural key beside source_name; only: the keys to look at, as a query, none for all.
-#}
{% macro version_spans(entity, key, only=none) -%}
{%- set name = {'customers': 'customer_versions', 'products': 'product_versions'}[entity] -%}
{%- set tracked = cartwright.tracked_attributes(entity) -%}
{%- set attributes = cartwright.entity_columns(entity).keys() | reject('in', ['source_name', key]) | list -%}
{%- set stated = (['source_name', key] + attributes) | join(',\n        ') -%}
delivered as (

    select versions.*
    from {{ ref(name) }} as versions
    {%- if only is not none %}
    inner join ({{ cartwright.kept(only) }}) as looked_at on looked_at.{{ key }} = versions.{{ key }}
    where case when looked_at.source_name = versions.source_name then 1 else 0 end = 1
    {%- endif %}

),

counted as (

    select source_name, {{ key }}, count(*) as version_count
    from delivered
    group by source_name, {{ key }}

),

-- Most have been delivered in one state only: nothing is to be put in order for them.
single as (

    select
        delivered.source_name,
        delivered.{{ key }},
        delivered.is_deleted
        {%- for attribute in attributes if attribute != 'is_deleted' %},
        case when not delivered.is_deleted then delivered.{{ attribute }} end as {{ attribute }}
        {%- endfor %}
    from delivered
    inner join counted on counted.source_name = delivered.source_name and counted.{{ key }} = delivered.{{ key }}
    where counted.version_count = 1

),

placed as (

    select
        delivered.*,
        row_number() over (
            partition by delivered.source_name, delivered.{{ key }}, delivered.effective_at
            order by delivered.extracted_at desc, delivered.landing_id desc, delivered.row_number desc
        ) as place_at_its_time,
        sum(case when delivered.is_deleted then 0 else 1 end) over (
            partition by delivered.source_name, delivered.{{ key }}
            order by delivered.effective_at, delivered.extracted_at, delivered.landing_id, delivered.row_number
            rows between unbounded preceding and current row
        ) as last_stated
    from delivered
    inner join counted on counted.source_name = delivered.source_name and counted.{{ key }} = delivered.{{ key }}
    where counted.version_count > 1

),

-- A deletion states nothing of its own: it has what was stated last before it, also where that arrived later; and nothing
-- where all that was stated was rejected.
ordered as (

    select
        source_name,
        {{ key }},
        effective_at,
        place_at_its_time,
        is_deleted,
        {%- for attribute in attributes if attribute != 'is_deleted' %}
        case when last_stated > 0 then first_value({{ attribute }}) over stated end as {{ attribute }}{{ ',' if not loop.last }}
        {%- endfor %}
    from placed
    window stated as (
        partition by source_name, {{ key }}, last_stated
        order by effective_at, extracted_at, landing_id, row_number
    )

),

compared as (

    select
        source_name,
        {{ key }},
        effective_at,
        {%- for attribute in attributes %}
        {%- if attribute in tracked %}
        {{ attribute }},
        lag({{ attribute }}) over own as before_{{ attribute }},
        {%- else %}
        first_value({{ attribute }}) over newest as {{ attribute }},
        {%- endif %}
        {%- endfor %}
        row_number() over own as place
    from ordered
    where place_at_its_time = 1
    window
        own as (partition by source_name, {{ key }} order by effective_at),
        newest as (partition by source_name, {{ key }} order by effective_at desc)

),

changes as (

    select *, row_number() over (partition by source_name, {{ key }} order by effective_at) as change_place
    from compared
    where place = 1
        {%- for attribute in tracked %}
        or {{ attribute }} is distinct from before_{{ attribute }}
        {%- endfor %}

),

spans as (

    select
        {{ stated }},
        case when change_place = 1 then {{ cartwright.start_of_time() }} else effective_at end as valid_from,
        coalesce(lead(effective_at) over (partition by source_name, {{ key }} order by effective_at), {{ cartwright.end_of_time() }}) as valid_to,
        case when change_place > 1 then {{ cartwright.as_type(cartwright.unix_micros('effective_at'), 'text') }} end as first_from
    from changes

    union all

    select
        {{ stated }},
        {{ cartwright.start_of_time() }},
        {{ cartwright.end_of_time() }},
        {{ cartwright.null_of('text') }}
    from single

)
{%- endmacro %}

{#-
  Common table expressions that end in `placeholders`, after those of version_spans: the keys whom facts name, but whose own
  record has not arrived. A placeholder has the key that the first version will have.
-#}
{% macro placeholders(entity, key, looked_at, moment) -%}
{%- set no_record = 'counted.' ~ key ~ ' is null' -%}
named as (

    {{ cartwright.named(entity, '' if moment.all else ' and _cut > ' ~ moment.since) | indent(4) }}

),

{% if not moment.all -%}
-- Who lost their own record again is looked at with all that ever named them.
bereft as (

    select looked_at.source_name, looked_at.{{ key }}
    from ({{ looked_at | indent(4) }}) as looked_at
    left join counted on counted.source_name = looked_at.source_name and counted.{{ key }} = looked_at.{{ key }}
    where {{ no_record }}

),

{% endif -%}
placeholders as (

    select named.source_name, named.{{ key }}
    from named
    left join counted on counted.source_name = named.source_name and counted.{{ key }} = named.{{ key }}
    {%- if moment.all %}
    where {{ no_record }}
    {%- else %}
    left join {{ this }} as known on known.source_name = named.source_name and known.{{ key }} = named.{{ key }}
    where {{ no_record }} and known.{{ key }} is null

    union distinct

    select bereft.source_name, bereft.{{ key }}
    from bereft
    inner join ({{ cartwright.named(entity, only='select ' ~ key ~ ' from bereft') | indent(4) }}) as named_ever
        on named_ever.source_name = bereft.source_name and named_ever.{{ key }} = bereft.{{ key }}
    {%- endif %}

)
{%- endmacro %}

{#- Post-hook of a dimension with versions: versions of looked-at keys that no longer are. -#}
{% macro purge_versions(entity, key, durable_key) -%}
  {%- set moment = cartwright.moment(entities=true) -%}
  {{ cartwright.purge(durable_key, 'select ' ~ cartwright.durable_key(['source_name', key]) ~ ' as durable_key from (' ~ cartwright.changed(entity, moment) ~ ') as looked_at', entities=true) }}
{%- endmacro %}
