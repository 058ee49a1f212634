select {{ dbt.any_value('1') }} as any_, {{ dbt.bool_or('n > 2') }} as or_, {{ dbt.listagg('n::varchar', "'; '", 'order by n desc') }} as list, {{ dbt.listagg('n::varchar', "'-'", 'order by n', 2) }} as list2, {{ dbt.listagg("'z'") }} as list3
from (select unnest([1,2,3]) as n)
