{% snapshot ts %}
{{ config(unique_key='id', strategy='timestamp', updated_at='upd', target_schema='snaps') }}
select * from {{ ref('src') }}
{% endsnapshot %}
{% snapshot ts_inv %}
{{ config(unique_key='id', strategy='timestamp', updated_at='upd', invalidate_hard_deletes=true) }}
select * from {{ ref('src') }}
{% endsnapshot %}
{% snapshot chk %}
{{ config(unique_key='id', strategy='check', check_cols=['name','amount']) }}
select * from {{ ref('src') }}
{% endsnapshot %}
{% snapshot chkall %}
{{ config(unique_key=['id','upd'], strategy='check', check_cols='all', hard_deletes='invalidate') }}
select * from {{ ref('src') }}
{% endsnapshot %}
{% snapshot chk_new %}
{{ config(unique_key='id', strategy='check', check_cols=['name','amount'], hard_deletes='new_record', updated_at='upd') }}
select * from {{ ref('src') }}
{% endsnapshot %}
