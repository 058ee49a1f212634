{{ config(materialized='incremental', unique_key='id' ) }}
select id, name, amount{{ var('extra', '') }} from {{ ref('src') }} {% if is_incremental() %} where true {% endif %}
