select id, name from {{ ref('base') }} where amount is not null
