with standards_in_force as (from standards_in_force_of('reports_in_force'))
select programme, period, branch, township, kind, star, stale_months, listed,
  hardware_applicable, hardware_met, hardware_complete, software_applicable, software_met, software_complete,
  hardware_points, software_points, month, branch_number, met, not_applicable
from branch_completion_of('standards_in_force', 'registered_branches', 'fact_branch_report')
