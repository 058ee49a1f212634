-- depends_on: {{ ref('t') }}
{% if execute %}
{% set r = adapter.get_relation(ref('t').database, ref('t').schema, 't') %}
/*
rel {{ r }} {{ r.type }} {{ r.is_table }} {{ r.database }} {{ r.identifier }} {{ r.name }} {{ r.include(database=false) }} {{ r.without_identifier() }} {{ r.render() }} {{ r.quote(schema=false) }}
ref {{ ref('t').type }} {{ this.type }} {{ this.is_view }} {{ this | string }}
{% for c in adapter.get_columns_in_relation(r) %}
{{ c.name }} | {{ c.column }} | {{ c.dtype }} | | {{ c.quoted }} | {{ c.is_string() }} {{ c.is_numeric() }} {{ c.is_number() }} {{ c.is_integer() }} {{ c.is_float() }} | {{ c.char_size }} {{ c.numeric_precision }} {{ c.numeric_scale }}
{% endfor %}
{% set q = run_query('select * from ' ~ ref('t')) %}
{{ q }} {{ q.column_names }} {{ q.columns | length }} {{ q.rows | length }}
{% for c in q.columns %}
{{ c.name }} {{ c.values() }} {{ c.values()[0] }} {{ c[0] }} {{ c.values()[0] is number }} {{ c.values()[0] is string }}
{% endfor %}
{{ q.rows[0] }} {{ q.rows[0].keys() }} {{ q.rows[0].values() }} {{ q.rows[0]['i'] }} {{ q.rows[0][1] }} {{ q.rows[0].i }} {{ q.rows[0].dict().keys() | list }}
{{ q.columns['i'].values() }} {{ q.columns.i.values() }} {{ q.columns.get('i').values() | list }} 
{% set e = run_query('select 1 as a where false') %}{{ e.rows }} {{ e.columns[0].values() }} {{ e | length }}
var {{ var('f') }} {{ var('i') }} {{ var('l') }} {{ var('d') }} {{ var('dt') }} {{ var('d').a }} {{ var('d')['b'] }}
graph {{ graph.keys() | list }} {{ graph.nodes.keys() | sort }}
{{ dbt_metadata_envs }} {{ adapter.type() }} {{ adapter.quote('a"b') }}  {{ api.Relation.create(database='d', schema='s', identifier='i', type='view') }} 
{{ api.Column('a', 'varchar').data_type }} {{ api.Column.create('a', 'string').data_type }} {{ api.Column.translate_type('string') }} {{ api.Column.translate_type('integer') }} {{ api.Column.numeric_type('decimal', 3, 4) }} {{ api.Column.string_type(3) }}
{{ adapter.get_missing_columns(r, this) | map(attribute='name') | list }}
{{ load_result('zzz') }}  {{ run_started_at.strftime('%Y-%m-%d') | length }} {{ modules.datetime.datetime.now() is none }} 
{{ local_md5('a') }} {{ fromjson('{"a": 1.0}') }} {{ tojson({'b': 1, 'a': [1, none]}) }} {{ fromyaml('a: 1') }} {{ toyaml({'a': [1]}) }} {{ set([1,1]) }} {{ zip([1],[2]) | list }} {{ set_strict([2]) }}
{{ env_var('NOPE', 'dflt') }} {{ schema }} {{ database }} {{ adapter.check_schema_exists('shop', 'main') }} {{ adapter.already_exists('main', 't') }}
{{ column_name }} {{ sql }} {{ sql_now }} {{ diff_of_two_dicts({'a': ['b']}, {}) }}
*/
{% endif %}
select 1 as x
