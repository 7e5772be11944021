from branch_completion_of('reports_in_force', 'townships')
