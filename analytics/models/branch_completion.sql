from branch_completion_of('reports_in_force', 'registered_branches', 'fact_branch_report')
