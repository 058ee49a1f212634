{{ config(group='fin', access='private') }} select * from {{ ref('orders') }}
