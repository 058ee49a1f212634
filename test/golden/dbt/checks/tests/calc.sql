{{ config(fail_calc='max(amount)', tags=['calc']) }} select amount from {{ ref('base') }}
