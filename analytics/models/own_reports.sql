from own_reports_of('townships')
