{{ config(materialized='table') }} select 1 as order_id, 10.0 as amount, date '2020-01-01' as ordered_at, 'a' as status
