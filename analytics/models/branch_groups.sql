with judged as (
  select programme, period, month, township, kind, star, hardware_complete, hardware_points, software_complete, software_points from branch_completion
)
from branch_groups_of('judged')
