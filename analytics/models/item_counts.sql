from item_counts_of('branch_completion')
