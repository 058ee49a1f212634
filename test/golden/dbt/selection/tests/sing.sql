select * from {{ ref('a1') }} where false
