select id from {{ ref('base') }}, (select 1 as y) where no_such_column = 1
