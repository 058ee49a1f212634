{{ config(enabled=has_data_set('thelook', 'users')) }}

{{ superseded_rows(ref('log_thelook__users'), key='user_id') }}
