select 1 as x from {{ ref('nothing_at_all') }}
