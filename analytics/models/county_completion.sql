select programme, period, branches, hardware_base, hardware_complete, hardware_share, mean_hardware_score,
  software_base, software_complete, software_share, mean_software_score, compliant
from area_completion
where level = 'programme'
