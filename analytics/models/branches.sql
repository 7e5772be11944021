select branch, name, township, kind, star, active_from, active_to, branch_id, position as registered_at
from dim_branch
where position <= getvariable('at_position')
qualify row_number() over (partition by branch_id order by position desc) = 1
