select f.programme, b.period, f.name, f.size, hex(f.sha256) as sha256, f.position
from fact_bulletin_file f
join bulletins b on b.programme = f.programme and b.month = f.month
where f.position <= getvariable('at_position')
