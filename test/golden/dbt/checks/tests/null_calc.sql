{{ config(fail_calc='max(amount)') }} select amount from {{ ref('base') }} where false
