-- Every township of a programme in every period: what a report is asked for.
select p.programme, p.period, p.month, t.township
from periods p
join programme_townships t on t.programme = p.programme
