{{ config(enabled=has_data_set('thelook', 'events')) }}

{{ superseded_rows(ref('log_thelook__events'), key='event_id') }}
