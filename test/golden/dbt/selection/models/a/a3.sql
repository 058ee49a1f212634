select * from {{ ref('a2') }}, {{ source('s', 't1') }}
