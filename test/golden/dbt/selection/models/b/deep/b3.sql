select * from {{ source('s', 't2') }}
