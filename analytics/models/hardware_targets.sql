-- Target in force and pace of each period. The pace is the straight line by days through the all-branches hardware milestones,
-- kept as a fraction of integers (pace_numerator / pace_denominator) so that a status is decided without rounding.
with points as (
  select programme, pace_starts_on as due_on, 0 as target_bp from programmes where pace_starts_on is not null
  union all
  select programme, due_on, target_bp from milestones where track = 'hardware' and all_branches
),
around as (
  select p.programme, p.period, p.month, p.ends_on, g.pace_starts_on,
    max(t.due_on) filter (where t.due_on <= p.ends_on) as previous_on,
    arg_max(t.target_bp, t.due_on) filter (where t.due_on <= p.ends_on) as previous_bp,
    min(t.due_on) filter (where t.due_on > p.ends_on) as next_on,
    arg_min(t.target_bp, t.due_on) filter (where t.due_on > p.ends_on) as next_bp
  from periods p
  join programmes g on g.programme = p.programme
  left join points t on t.programme = p.programme
  group by all
),
lines as (
  select programme, period, month, coalesce(previous_bp, 0) as target_bp,
    case when pace_starts_on is null then null
      when previous_on is null then 0                    -- before the line starts
      when next_on is null then 1                        -- after the last milestone
      else previous_bp * (next_on - previous_on) + (next_bp - previous_bp) * (ends_on - previous_on)
    end::bigint as pace_numerator,
    case when previous_on is null or next_on is null then 1 else 10000 * (next_on - previous_on) end::bigint as pace_denominator
  from around
)
select programme, period, month, target_bp, pace_numerator, pace_denominator, pace_numerator / pace_denominator as pace
from lines
