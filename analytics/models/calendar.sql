-- From the launch period to the month that is running in Asia/Shanghai at the instant read: one more than those that have ended,
-- because its report's due day is announced before it ends. The only place where the cadence becomes a due time.
with today as (
  select (getvariable('as_of') at time zone 'Asia/Shanghai')::date as day
),
months as (
  select p.programme, p.due_day, p.cut_off_minutes, p.holidays, p.launch_month, t.day,
    unnest(range(p.launch_month, year(t.day) * 12 + month(t.day))) as month
  from programmes p, today t
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
  (due_on::timestamp + to_minutes(cut_off_minutes)) at time zone 'Asia/Shanghai' as due_at,
  next_starts_on <= day as has_ended
from due
