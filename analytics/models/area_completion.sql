select programme, period, level, area, branches,
  hardware_base, hardware_complete, hardware_share, mean_hardware_score,
  software_base, software_complete, software_share, mean_software_score,
  compliant, month, status
from completion_of('area_sums')
