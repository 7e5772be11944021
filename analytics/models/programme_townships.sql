-- A programme covers the townships whose code begins with its area.
select p.programme, t.township, t.name
from programmes p
join townships t on starts_with(t.township, p.area)
