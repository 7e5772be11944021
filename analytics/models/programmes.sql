-- Programmes with the template text in force at the position read.
select * exclude (position, gloss), position as defined_at, gloss
from dim_programme
where position <= getvariable('at_position')
qualify row_number() over (partition by programme order by position desc) = 1
