-- From the launch period to the last month that has ended in Asia/Shanghai at the instant read.
with instant as (
  select getvariable('as_of') at time zone 'Asia/Shanghai' as local_now
),
months as (
  select p.programme, p.due_day, p.cut_off_minutes, p.holidays, p.launch_month,
    unnest(range(p.launch_month, year(i.local_now) * 12 + month(i.local_now) - 1)) as month
  from programmes p, instant i
),
days as (
  select *,
    make_date(month // 12, month % 12 + 1, 1) as starts_on,
    make_date((month + 1) // 12, (month + 1) % 12 + 1, 1) as next_starts_on
  from months
),
due as (
  -- A holiday moves the due day to the first day after it that is none; 60 days bound the search.
  select *, list_filter(
      list_transform(range(0, 60), lambda d: next_starts_on + (due_day - 1 + d)::integer),
      lambda day: not list_contains(holidays, day))[1] as due_on
  from days
)
select programme, strftime(starts_on, '%Y-%m') as period, month, month - launch_month as months_since_launch,
  starts_on, next_starts_on - 1 as ends_on, due_on,
  (due_on::timestamp + to_minutes(cut_off_minutes)) at time zone 'Asia/Shanghai' as due_at
from due
