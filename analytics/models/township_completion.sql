select c.programme, c.period, c.area as township, f.stale_months, c.branches,
  c.hardware_base, c.hardware_complete, c.hardware_share, c.mean_hardware_score,
  c.software_base, c.software_complete, c.software_share, c.mean_software_score,
  c.compliant, t.target_bp, t.pace,
  case
    when c.hardware_base = 0 then null
    when c.hardware_complete * 10000 < t.target_bp * c.hardware_base then 'missed'
    when c.hardware_complete = c.hardware_base then 'achieved'
    when t.pace is null or c.hardware_complete * t.pace_denominator >= t.pace_numerator * c.hardware_base then 'on_track'
    else 'behind'
  end as status
from area_completion c
join reports_in_force f on f.programme = c.programme and f.month = c.month and f.township = c.area
join hardware_targets t on t.programme = c.programme and t.month = c.month
where c.level = 'township'
