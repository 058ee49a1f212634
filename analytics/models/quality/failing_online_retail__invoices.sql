{{ config(
    enabled=has_data_set('online_retail', 'invoices'),
    materialized='incremental', unique_key=['screen_name', 'record', '_change_seq'],
    post_hook="{{ cartwright.purge_failing('online_retail', 'invoices') }}"
) }}

{{ failing_rows('online_retail', 'invoices') }}
