{#-
  Small tables say what each model has seen. `meta.cuts` has one row per invocation of dbt: its cut is
  one more than every earlier one, and every row that the invocation writes carries it in `_cut`. `meta.state` has one row per
  invocation and model, written in the transaction that wrote the model: the cut up to which the model has taken
  in what its ancestors had. A model that was left out, or failed, has no row and catches up the next time.
-#}

{#- on-run-start of the package. -#}
{% macro begin_run() -%}
  {%- if execute and flags.WHICH in ['run', 'build', 'test'] -%}
    {%- set meta = cartwright.meta_relation('cuts').without_identifier() -%}
    {%- do run_query('create schema if not exists ' ~ meta) -%}
    {%- do run_query(
      'create table if not exists ' ~ cartwright.meta_relation('cuts') ~ ' (cut ' ~ cartwright.type_of('integer') ~ ', invocation_id '
      ~ cartwright.type_of('text') ~ ', started_at timestamp)'
    ) -%}
    {%- do run_query(
      'create table if not exists ' ~ cartwright.meta_relation('state') ~ ' (model ' ~ cartwright.type_of('text') ~ ', cut '
      ~ cartwright.type_of('integer') ~ ', load_to ' ~ cartwright.type_of('integer') ~ ', rule_version ' ~ cartwright.type_of('text') ~ ')'
    ) -%}
    {%- do run_query(
      'create table if not exists ' ~ cartwright.meta_relation('tests') ~ ' (test ' ~ cartwright.type_of('text') ~ ', passed_to '
      ~ cartwright.type_of('integer') ~ ')'
    ) -%}
    {%- if flags.WHICH != 'test' -%}
insert into {{ cartwright.meta_relation('cuts') }} (cut, invocation_id, started_at)
select coalesce(max(cut), 0) + 1, '{{ invocation_id }}', {{ cartwright.now() }}
from {{ cartwright.meta_relation('cuts') }}
    {%- endif -%}
  {%- endif -%}
{%- endmacro %}

{#- A table of the operational schema. -#}
{% macro meta_relation(name) -%}
  {{ return(api.Relation.create(database=target.database, schema=var('meta_schema', 'meta'), identifier=name)) }}
{%- endmacro %}

{#-
  What a model has to take in now, as a dictionary:
    cut     the invocation's cut, which rows that are written now carry
    since   rows of ancestors with a higher cut are new to the model
    all     true where everything has to be built: on a first or full build, and where the rules have changed
  entities: true for models that read the canonical entities: a shop's own models, which may deliver some, do not tell
  what changed in them, so all is built then
-#}
{% macro moment(entities=false) -%}
  {%- set moment = {'cut': 0, 'since': 0, 'all': true} -%}
  {%- if execute and flags.INTROSPECT and flags.WHICH in ['run', 'build'] -%}
    {%- set known = cartwright.known_states() -%}
    {%- set seen = known.models.get(model.name) -%}
    {%- do moment.update({'cut': known.cut}) -%}
    {%- if cartwright.updates() and seen and seen.rule_version == cartwright.rule_version() and not (entities and var('entity_models', {})) -%}
      {%- do moment.update({'since': seen.load_to, 'all': false}) -%}
    {%- endif -%}
  {%- endif -%}
  {{ return(moment) }}
{%- endmacro %}

{#-
  The invocation's cut, and what earlier invocations said of each model. Asked once and kept in the graph, which all
  templates of an invocation share.
-#}
{% macro known_states() -%}
  {%- if '_cartwright_states' not in graph -%}
    {%- set cuts = cartwright.meta_relation('cuts') -%}
    {%- set state = cartwright.meta_relation('state') -%}
    {%- set cut = run_query('select max(cut) from ' ~ cuts).rows[0][0] | int -%}
    {%- set found = run_query(
      'select seen.model, seen.load_to, seen.rule_version from ' ~ state ~ ' as seen inner join (select model, max(cut) as cut from '
      ~ state ~ ' where cut < ' ~ cut ~ ' group by model) as newest on newest.model = seen.model and newest.cut = seen.cut'
    ) -%}
    {%- set models = {} -%}
    {%- for row in found.rows if row[1] is not none -%}
      {%- do models.update({row[0]: {'load_to': row[1] | int, 'rule_version': row[2]}}) -%}
    {%- endfor -%}
    {%- do graph.update({'_cartwright_states': {'cut': cut, 'models': models}}) -%}
  {%- endif -%}
  {{ return(graph['_cartwright_states']) }}
{%- endmacro %}

{#- True where rows are added to a table that is there, and not while a project is only compiled: nothing may be asked then. -#}
{% macro updates() -%}
  {{ return(execute and flags.INTROSPECT and flags.WHICH in ['run', 'build'] and is_incremental()) }}
{%- endmacro %}

{#- The post-hook of every incremental model: how far it has come, which is no further than any of its ancestors. -#}
{% macro record_state() -%}
  {%- if execute and flags.WHICH in ['run', 'build'] and model.config.materialized == 'incremental' -%}
    {%- set state = cartwright.meta_relation('state') -%}
    {%- set ancestors = cartwright.incremental_ancestors() -%}
insert into {{ state }} (model, cut, load_to, rule_version)
select
    '{{ model.name }}',
    cuts.cut,
    {%- if ancestors %}
    least(cuts.cut, coalesce((
        select min(load_to)
        from (
            select model, max(load_to) as load_to
            from {{ state }}
            where model in ('{{ ancestors | join("', '") }}')
            group by model
        ) as seen
    ), cuts.cut)),
    {%- else %}
    cuts.cut,
    {%- endif %}
    '{{ cartwright.rule_version() }}'
from (select max(cut) as cut from {{ cartwright.meta_relation('cuts') }}) as cuts
  {%- endif -%}
{%- endmacro %}

{#- The incremental models from which this one is built, directly or through views. -#}
{% macro incremental_ancestors() -%}
  {%- set names = [] -%}
  {%- for id in model.depends_on.nodes if id in graph.nodes -%}
    {%- do names.extend(cartwright.incremental_from(id)) -%}
  {%- endfor -%}
  {{ return(names | unique | sort) }}
{%- endmacro %}

{#- The node itself where it is incremental, else those above it. Kept in the graph, which all templates of an invocation share. -#}
{% macro incremental_from(id) -%}
  {%- set node = graph.nodes[id] -%}
  {%- if node.config.materialized == 'incremental' -%} {{ return([node.name]) }} {%- endif -%}
  {%- if '_incremental_from' not in node -%}
    {%- set names = [] -%}
    {%- for parent in node.get('depends_on', {}).get('nodes', []) if parent in graph.nodes -%}
      {%- do names.extend(cartwright.incremental_from(parent)) -%}
    {%- endfor -%}
    {%- do node.update({'_incremental_from': names | unique | list}) -%}
  {%- endif -%}
  {{ return(node['_incremental_from']) }}
{%- endmacro %}

{#-
  A hash of all that decides what the model's rows are, given what was delivered: its own text and that of the models above
  it, screens, seeds, variables and macros. Silver logs stamp the rows whose result a new rule changes, so the models
  below need not look further up than to them; dimensions do, because a member lives as long as an accepted row names it,
  and failed values, because they bear the names of screens.
-#}
{% macro rule_version() -%}
  {%- set parts = [] -%}
  {%- for name in ['calendar_from', 'calendar_to', 'sources', 'entity_models', 'macro_version'] -%}
    {%- do parts.append(var(name, '') | string) -%}
  {%- endfor -%}
  {%- set past_logs = model.name.startswith('dim_') or model.name == 'failed_values' -%}
  {{ return(local_md5(parts | join('\n') ~ cartwright.rules_from(model.unique_id, past_logs))) }}
{%- endmacro %}

{#- A hash of the rules of a node and of those above it; kept in the graph. -#}
{% macro rules_from(id, past_logs) -%}
  {%- set node = graph.nodes[id] -%}
  {%- set kept = '_rules_past_logs' if past_logs else '_rules' -%}
  {%- if kept not in node -%}
    {%- set parts = [cartwright.rule_of(node)] -%}
    {%- for parent in node.get('depends_on', {}).get('nodes', []) | sort if parent in graph.nodes -%}
      {%- if past_logs or not graph.nodes[parent].name.startswith('log_') -%}
        {%- do parts.append(parent ~ cartwright.rules_from(parent, past_logs)) -%}
      {%- endif -%}
    {%- endfor -%}
    {%- do node.update({kept: local_md5(parts | join('\n'))}) -%}
  {%- endif -%}
  {{ return(node[kept]) }}
{%- endmacro %}

{#- What of a node decides its rows. -#}
{% macro rule_of(node) -%}
  {%- if node.resource_type == 'seed' -%} {{ return(node.checksum.checksum) }}
  {%- else -%} {{ return(node.raw_code ~ cartwright.rules_of_screens(node)) }}
  {%- endif -%}
{%- endmacro %}
