select id, count(*) as versions from {{ ref('chk') }} group by 1
