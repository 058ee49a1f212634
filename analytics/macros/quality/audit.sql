{#-
  The key of the audit row of a landing (quality.audits), for the audit_key of a fact: the landing of the row that won.
  A landing is of one data set, so its id is enough. Where equal rows came in several landings, name the first of them
  in the order of versions, whichever was loaded first: then the key does not depend on the order of arrival either.
-#}
{% macro audit_key(landing_id) -%}
  {{ cartwright.key_of([landing_id]) }}
{%- endmacro %}

{#- The audit keys of all landings by `landing_id`: to look one up costs a tenth of hashing the id for every row. -#}
{% macro audit_keys() -%}
(select landing_id, {{ cartwright.audit_key('landing_id') }} as audit_key from {{ source('bronze_ledger', 'landings') }})
{%- endmacro %}
