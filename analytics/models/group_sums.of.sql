-- Completion by kind and stars, integers only.
(grouped) as table
select programme, period, month, township, kind, star, branches, hardware_base, hardware_complete, software_base, software_complete
from query_table(grouped)
