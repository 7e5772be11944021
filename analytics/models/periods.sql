-- From the launch period to the last month that has ended.
select programme, period, month, months_since_launch, starts_on, ends_on, due_on, due_at
from calendar
where has_ended
