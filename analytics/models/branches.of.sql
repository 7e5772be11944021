-- Branches of the townships asked for as they stand at the position read.
(townships) as table
select branch, name, township, kind, star, active_from, active_to, branch_number, position as registered_at
from dim_branch
where position <= getvariable('at_position') and township in (select township from query_table(townships))
qualify row_number() over (partition by branch order by position desc) = 1
