{{ config(group='fin') }} select * from {{ ref('inner_fin') }}
