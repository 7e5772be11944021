-- An area's shares and means beside the target of the month: the only place where its status is told.
(sums) as table
select s.*, t.target_bp, t.pace,
  -- Compared on integers, never on a share.
  case
    when s.hardware_base = 0 then null
    when s.hardware_complete * 10000 < t.target_bp * s.hardware_base then 'missed'
    when s.hardware_complete = s.hardware_base then 'achieved'
    when t.pace is null or s.hardware_complete * t.pace_denominator >= t.pace_numerator * s.hardware_base then 'on_track'
    else 'behind'
  end as status
from shares_of(sums) s
join hardware_targets t on t.programme = s.programme and t.month = s.month
