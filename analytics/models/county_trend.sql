select a.programme, a.period, a.hardware_base, a.hardware_complete, a.hardware_share, t.target_bp, t.pace,
  a.forecast, a.forecast_share, a.forecast_period, c.status
from area_trend a
join area_completion c on c.programme = a.programme and c.month = a.month and c.level = 'programme'
join hardware_targets t on t.programme = a.programme and t.month = a.month
where a.level = 'programme'
