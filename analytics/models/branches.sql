from branches_of('townships')
