select programme, period, area as township, hardware_base, hardware_complete, forecast, forecast_share
from area_trend
where level = 'township'
