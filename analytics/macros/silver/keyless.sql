{#-
  The rows of a keyless data set that are current, numbered among their equals. Bronze compares keyless deliveries as
  multisets: a line that is gone is a row with _op 'D', which takes away one equal line, the last one.

  log: the silver log; attributes: what makes two lines equal, as expressions whose text is equal on every engine, for a
  log that was not given them as its `content`; only: a condition on the content, as SQL.
  Adds `content_key`, equal for equal lines, and `occurrence`: 1 for a line's first delivery, 2 for its first repeat, …; and
  `_first_landing_id`, since which there have been that many. Landings are balanced for it: each adds what its inserts exceed
  its deletes, and what is taken away came last. So it does not depend on which landing was loaded first.
  Only lines that occur more than once are numbered with a window; the others keep their order and cost nothing.
-#}
{% macro current_lines(log, attributes=none, only=none) -%}
with accepted as (

    select
        *,
        {{ '_content_key' if attributes is none else cartwright.key_of(attributes) }} as content_key
    from {{ log }}
    where not _is_rejected
    {%- if only is not none %}
        and {{ only }}
    {%- endif %}

),

repeated as (

    select content_key
    from accepted
    group by content_key
    having count(*) > 1

),

numbered as (

    select
        accepted._change_seq,
        row_number() over (
            partition by accepted.content_key, case when accepted._op = 'D' then 1 else 0 end
            order by accepted._effective_at, accepted._extracted_at, accepted._landing_id, accepted._row_number, accepted._change_seq
        ) as occurrence,
        sum(case when accepted._op = 'D' then -1 else 1 end) over (partition by accepted.content_key) as line_count
    from accepted
    inner join repeated on repeated.content_key = accepted.content_key

),

balances as (

    select
        accepted.content_key,
        accepted._extracted_at,
        accepted._landing_id,
        sum(case when accepted._op = 'D' then -1 else 1 end) as net
    from accepted
    inner join repeated on repeated.content_key = accepted.content_key
    group by accepted.content_key, accepted._extracted_at, accepted._landing_id

),

heights as (

    select
        balances.*,
        sum(net) over (partition by content_key order by _extracted_at, _landing_id) as height
    from balances

),

lasting as (

    select
        heights.*,
        min(height) over (
            partition by content_key order by _extracted_at, _landing_id rows between current row and unbounded following
        ) as lasting_height
    from heights

)

select
    accepted.*,
    coalesce(numbered.occurrence, 1) as occurrence,
    coalesce(lasting._landing_id, accepted._landing_id) as _first_landing_id
from accepted
left join numbered on numbered._change_seq = accepted._change_seq
left join lasting
    on lasting.content_key = accepted.content_key
    and numbered.occurrence > lasting.height - lasting.net
    and numbered.occurrence <= lasting.lasting_height
where accepted._op <> 'D' and coalesce(numbered.occurrence <= numbered.line_count, true)
{%- endmacro %}
