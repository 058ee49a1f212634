{#-
  The rows of a silver log that another row of the same key replaces: exact repeats and older versions. Rejected rows do
  not compete. The order of versions: from when on they hold, extraction time, landing, row number.

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
        lead(accepted._change_seq) over (
            partition by accepted.{{ key }}
            order by accepted._effective_at, accepted._extracted_at, accepted._landing_id, accepted._row_number, accepted._change_seq
        ) as _replaced_by_seq,
        lead(accepted._row_hash) over (
            partition by accepted.{{ key }}
            order by accepted._effective_at, accepted._extracted_at, accepted._landing_id, accepted._row_number, accepted._change_seq
        ) as replacing_hash,
        lead(accepted._op) over (
            partition by accepted.{{ key }}
            order by accepted._effective_at, accepted._extracted_at, accepted._landing_id, accepted._row_number, accepted._change_seq
        ) as replacing_op
    from accepted
    inner join repeated on repeated.{{ key }} = accepted.{{ key }}

)

select
    {{ key }},
    _change_seq,
    _replaced_by_seq,
    _row_hash = replacing_hash and _op <> 'D' and replacing_op <> 'D' as is_repeat,
    _landing_id,
    _row_number,
    {{ moment.cut }} as _cut
from ordered
where _replaced_by_seq is not null
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
