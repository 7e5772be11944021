-- One row per programme, township and period with a report of its own: its versions, the first and the one in force.
select programme, township, month, count(*) as versions, max(version) as version_in_force,
  arg_max(position, version) as report_position, arg_max(branches, version) as listed_branches,
  arg_min(received_at, version) as first_received_at
from reports
group by programme, township, month
