{{ config(post_hook="insert into main.run_log values ('{{ this }}')", materialized='incremental', unique_key='order_id') }}
select * from {{ ref('stg_orders') }} o
join {{ ref('eph') }} e using (customer_id)
{% if is_incremental() %}
where ordered_at > (select max(ordered_at) from {{ this }})
{% endif %}
