select programme, period, township, stale_months, branches,
  hardware_base, hardware_complete, hardware_share, mean_hardware_score,
  software_base, software_complete, software_share, mean_software_score,
  compliant, target_bp, pace, status
from completion_of('township_sums')
