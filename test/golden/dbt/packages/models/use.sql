select {{ lib_a.hello('r') }} as h, {{ lib_b.other() }} as o, {{ lib_b.thing() }} as t, '{{ var('shared') }} {{ var('scoped', 'unscoped') }}' as v,
 '{{ dbt.concat(['x', 'y']) | trim }}' as c, '{{ type_string() }} {{ dbt.type_string() }}' as ty, a.h as ah, b.id
from {{ ref('in_a') }} a, {{ ref('lib_b', 'in_b') }} b, {{ source('ext', 'in_b') }} s, {{ ref('same') }}
