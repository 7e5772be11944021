select township, name, position as registered_at
from dim_township
where position <= getvariable('at_position')
qualify row_number() over (partition by township order by position desc) = 1
