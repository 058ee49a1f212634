select {{ hello() }} as h, {{ lib_b.other() }} as o, '{{ var('shared') }} {{ var('scoped') }} {{ var('own') }}' as v
