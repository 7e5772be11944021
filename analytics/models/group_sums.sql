from group_sums_of('branch_groups')
