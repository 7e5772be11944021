-- What figures need of the branches of the townships asked for.
(townships) as table
select branch, branch_number, township, kind, star, active_from, active_to
from branches_of(townships)
