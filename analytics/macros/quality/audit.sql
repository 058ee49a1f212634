{#-
  The key of the audit row of a landing (quality.audits), for the audit_key of a fact: the landing of the row that won.
  A landing is of one data set, so its id is enough. Where equal rows came in several landings, name the first of them
  in the order of versions, whichever was loaded first: then the key does not depend on the order of arrival either.
-#}
{% macro audit_key(landing_id, data_set=none) -%}
  case when {{ landing_id }} is null then -1 else {{ cartwright.key_of([landing_id]) }} end
{%- endmacro %}
