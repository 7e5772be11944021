from township_sums_of('reports_in_force', 'branch_groups')
