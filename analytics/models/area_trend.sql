-- Straight on from the last three months to the last all-branches hardware milestone, between 0 and the base. Reckoned in thirds
-- of a branch, which are integers, and divided once.
with last_milestone as (
  select programme, max(due_month) as month from milestones where track = 'hardware' and all_branches group by programme
),
months as (
  select c.programme, c.period, c.level, c.area, c.hardware_base, c.hardware_complete, c.hardware_share, c.month, l.month as last_month,
    lag(c.hardware_complete, 3) over (partition by c.programme, c.level, c.area order by c.month) as before
  from area_completion c
  left join last_milestone l on l.programme = c.programme
),
forecasts as (
  select *,
    case when before is not null and last_month is not null
      then greatest(0, least(3 * hardware_base,
        3 * hardware_complete + greatest(last_month - month, 0) * (hardware_complete - before))) end as thirds
  from months
)
select programme, period, level, area, hardware_base, hardware_complete, hardware_share,
  thirds / 3 as forecast,
  case when hardware_base > 0 then thirds / (3 * hardware_base) end as forecast_share,
  case when last_month is not null then strftime(make_date(last_month // 12, last_month % 12 + 1, 1), '%Y-%m') end as forecast_period,
  month
from forecasts
