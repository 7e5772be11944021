from reports_in_force_of('programme_months')
