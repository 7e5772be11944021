with levels as (
  select unnest([
    {level: 'programme', digits: 0}, {level: 'province', digits: 2}, {level: 'city', digits: 4}, {level: 'county', digits: 6}],
    recursive := true)
)
select s.programme, s.period, l.level, case when l.level = 'programme' then '' else left(s.township, l.digits) end as area,
  count(*) filter (where s.status <> 'none_due') as due,
  count(*) filter (where s.versions > 0) as reported,
  count(*) filter (where s.status = 'on_time') as on_time
from report_status s, levels l
group by all
