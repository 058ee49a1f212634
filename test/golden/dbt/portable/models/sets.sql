select 1 as x {{ dbt.except() }} select 2 as x
union all (select 3 as x {{ dbt.intersect() }} select 3 as x)
