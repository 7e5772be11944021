from branch_groups_of('branch_completion')
