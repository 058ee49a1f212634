{{ config(materialized='incremental', full_refresh=false, post_hook=["update {{ this }} set amount = amount + 1", {"sql": "create or replace table main.outside as select count(*) as n from {{ this }}", "transaction": false}], pre_hook="{{ after_commit('select 1') }}") }}
select *, {{ is_incremental() }} as inc, {{ should_full_refresh() }} as full_, '{{ config.get('materialized') }}' as m, '{{ config.get('nope', 'dflt') }}' as d from {{ ref('src') }}
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}
