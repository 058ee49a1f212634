{#-
  The rows of a silver log that another row of the same key replaces: exact repeats and older versions. Rejected rows do
  not compete. The order of versions: from when on they hold, extraction time, landing, row number.

  The row before a key's newest one also has `_first_landing_id`, where the newest says what earlier landings said: the first
  of those that have said it since without a word of another. A landing's word on a key is the last row that it has for it. So it does not
  depend on which landing was loaded first, although the log repeats a row at a later landing where an earlier one arrived late.

  Only keys with more than one row are ordered, so a log without repeats costs one count. An incremental model, unique by
  `_change_seq`, looks again at the keys of the rows that are new or judged anew, and needs the post-hook `purge_keys`.
-#}
{% macro superseded_rows(log, key) -%}
{%- set moment = cartwright.moment() -%}
with accepted as (

    select {{ key }}, _change_seq, _row_hash, _op, _effective_at, _extracted_at, _landing_id, _row_number
    from {{ log }}
    where not _is_rejected
    {%- if not moment.all %}
        and {{ key }} in ({{ cartwright.kept(cartwright.keys_since(log, key, moment)) }})
    {%- endif %}

),

repeated as (

    select {{ key }}
    from accepted
    group by {{ key }}
    having count(*) > 1

),

ordered as (

    select
        accepted.*,
        row_number() over versions as place,
        lead(accepted._change_seq) over versions as _replaced_by_seq,
        lead(accepted._row_hash) over versions as replacing_hash,
        lead(accepted._op) over versions as replacing_op,
        lead(accepted._landing_id) over versions as replacing_landing_id,
        lead(accepted._effective_at) over versions as replacing_effective_at
    from accepted
    inner join repeated on repeated.{{ key }} = accepted.{{ key }}
    window versions as (
        partition by accepted.{{ key }}
        order by accepted._effective_at, accepted._extracted_at, accepted._landing_id, accepted._row_number, accepted._change_seq
    )

),

newest as (

    select {{ key }}, _change_seq, _row_hash, _landing_id
    from ordered
    where _replaced_by_seq is null and _op <> 'D'

),

-- Few: keys whose newest row an earlier landing may have said already.
said_before as (

    select distinct ordered.{{ key }}
    from ordered
    inner join newest on newest.{{ key }} = ordered.{{ key }} and newest._row_hash = ordered._row_hash
    where ordered._op <> 'D' and ordered._landing_id <> newest._landing_id

),

words as (

    select
        ordered.{{ key }},
        ordered._landing_id,
        ordered.place,
        newest._change_seq as newest_seq,
        max(case when ordered._op = 'D' or ordered._row_hash <> newest._row_hash then ordered.place else 0 end)
            over (partition by ordered.{{ key }}) as last_other_place
    from ordered
    inner join said_before on said_before.{{ key }} = ordered.{{ key }}
    inner join newest on newest.{{ key }} = ordered.{{ key }}
    where ordered._replaced_by_seq is null
        or ordered._landing_id <> ordered.replacing_landing_id
        or ordered._effective_at <> ordered.replacing_effective_at

),

since as (

    select newest_seq, {{ cartwright.value_at_least('_landing_id', 'place') }} as _first_landing_id
    from words
    where place > last_other_place
    group by newest_seq

)

select
    ordered.{{ key }},
    ordered._change_seq,
    ordered._replaced_by_seq,
    ordered._row_hash = ordered.replacing_hash and ordered._op <> 'D' and ordered.replacing_op <> 'D' as is_repeat,
    since._first_landing_id,
    ordered._landing_id,
    ordered._row_number,
    {{ moment.cut }} as _cut
from ordered
left join since on since.newest_seq = ordered._replaced_by_seq
where ordered._replaced_by_seq is not null
{%- endmacro %}

{#-
  The newest accepted version of each key, deleted ones included (_op = 'D'). With an outer join in place of `not in`, DuckDB
  would read the log whole where a few keys are asked for.
-#}
{% macro newest_versions(log, superseded) -%}
select log.*
from {{ log }} as log
where not log._is_rejected and log._change_seq not in (select _change_seq from {{ superseded }})
{%- endmacro %}

{#- Current rows with `landing_id`: of the landings that said what the row says, the first of those since which it is so. -#}
{% macro with_landing(staging, superseded) -%}
select newest.*, coalesce(earlier._first_landing_id, newest._landing_id) as landing_id
from {{ staging }} as newest
left join {{ superseded }} as earlier on earlier._replaced_by_seq = newest._change_seq
{%- endmacro %}
