select c.programme, c.period, c.area as township, f.stale_months, c.branches,
  c.hardware_base, c.hardware_complete, c.hardware_share, c.mean_hardware_score,
  c.software_base, c.software_complete, c.software_share, c.mean_software_score,
  c.compliant, t.target_bp, t.pace,
  c.status
from area_completion c
join reports_in_force f on f.programme = c.programme and f.month = c.month and f.township = c.area
join hardware_targets t on t.programme = c.programme and t.month = c.month
where c.level = 'township'
