select
  {{ dbt.concat(["'a'", "'b'", "'c'"]) }} as concat,
  {{ dbt.date(2023, 10, 4) }} as date,
  {{ dbt.date_trunc('month', 'ts') }} as trunc,
  {{ dbt.dateadd('day', 3, 'dt') }} as add_day, {{ dbt.dateadd('quarter', 2, 'ts') }} as add_quarter, {{ dbt.dateadd(datepart='week', interval=-1, from_date_or_timestamp='dt') }} as add_week, {{ dbt.dateadd('hour', 'i', 'ts') }} as add_hour,
  {{ dbt.datediff("dt", "(ts + interval 40 day)", 'day') }} as diff_day, {{ dbt.datediff("'2020-01-01'::date", "'2020-02-12'::date", 'week') }} as diff_week, {{ dbt.datediff("'2020-02-12'::date", "'2020-01-01'::date", 'week') }} as diff_week_back, {{ dbt.datediff("dt", "dt + 400", 'month') }} as diff_month,
  '{{ dbt.escape_single_quotes("it's") }}' as escaped,
  {{ dbt.hash('v') }} as hash,
  {{ dbt.last_day('dt', 'month') }} as last_month, {{ dbt.last_day('dt', 'quarter') }} as last_quarter, {{ dbt.last_day('dt', 'year') }} as last_year,
  {{ dbt.length("'abc'") }} as length, {{ dbt.position("'b'", "'abc'") }} as position, {{ dbt.replace("'abc'", "'b'", "'x'") }} as replaced, {{ dbt.right("'abc'", 2) }} as right_part,
  {{ dbt.safe_cast("'12'", dbt.type_int()) }} as cast_int, {{ dbt.cast("'2020-01-01'", 'date') }} as cast_date, {{ dbt.cast_bool_to_text('b') }} as bool_text,
  {{ dbt.split_part("'a,b,c'", "','", 2) }} as part2, {{ dbt.split_part("'a,b,c'", "','", -1) }} as part_last,
  {{ dbt.string_literal('lit') }} as literal,
  {{ dbt.array_append('l', '3') }} as appended, {{ dbt.array_concat('l', 'l') }} as concatenated, {{ dbt.array_construct(['1', '2'], dbt.type_int()) }} as constructed, {{ dbt.array_construct() }} as no_items,
  cast(1.5 as {{ dbt.type_numeric() }}) as numeric_, cast(1.5 as {{ dbt.type_float() }}) as float_, cast(1 as {{ dbt.type_bigint() }}) as bigint_, cast(1 as {{ dbt.type_boolean() }}) as bool_, cast('2020-01-01' as {{ dbt.type_timestamp() }}) as ts_, cast(1 as {{ dbt.type_string() }}) as str_,
  {{ dbt.current_timestamp() }} > timestamptz '2020-01-01' as now_, {{ dbt.current_timestamp_backcompat() }} > timestamp '2020-01-01' as now2_,
  {{ equals('i', 1) if false else 'true' }} as eq
from {{ ref('t') }}
