{{ config(materialized=var('kind', 'view'), sql_header="/* header */") }}
select id, name from {{ ref('src') }}
