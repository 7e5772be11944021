-- Completion by kind and stars, integers only.
(judged) as table
select programme, period, month, township, kind, star,
  count(*) as branches,
  count(*) filter (where hardware_applicable > 0) as hardware_base,
  count(*) filter (where hardware_complete) as hardware_complete,
  count(*) filter (where software_applicable > 0) as software_base,
  count(*) filter (where software_complete) as software_complete
from query_table(judged)
group by programme, period, month, township, kind, star
