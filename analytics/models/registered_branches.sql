from registered_branches_of('townships')
