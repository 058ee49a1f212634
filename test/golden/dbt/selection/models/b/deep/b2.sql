select * from {{ ref('b1') }}, {{ ref('a3') }}
