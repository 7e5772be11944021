with standards_in_force as (from standards_in_force_of('reports_in_force')),
judged as (
  select programme, period, month, township, kind, items, met, not_applicable
  from branch_completion_of('standards_in_force', 'registered_branches', 'fact_branch_report')
)
from item_counts_of('judged')
