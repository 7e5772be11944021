select f.programme, b.period, f.township, f.figure, f.value, f.month
from fact_published_figure f
join bulletins b on b.programme = f.programme and b.month = f.month
where f.position <= getvariable('at_position')
