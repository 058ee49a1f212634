{{ config(
    enabled=has_data_set('thelook', 'users'),
    materialized='incremental', unique_key='_change_seq',
    post_hook="{{ cartwright.purge_by_log('log_thelook__users', 'user_id') }}"
) }}

{{ superseded_rows(ref('log_thelook__users'), key='user_id') }}
