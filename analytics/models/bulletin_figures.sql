-- The figures that a publication freezes, as text to the last digit, so that what was printed can be held against what stands now.
with lines as (
  select c.programme, c.period, c.township, c.branches, c.hardware_base, c.hardware_complete, c.hardware_share, c.mean_hardware_score,
    c.software_base, c.software_complete, c.software_share, c.mean_software_score, c.compliant, c.status, k.rank, s.status as report_status
  from township_completion c
  join township_ranking k on k.programme = c.programme and k.period = c.period and k.township = c.township
  join report_status s on s.programme = c.programme and s.period = c.period and s.township = c.township
  union all
  select programme, period, '', branches, hardware_base, hardware_complete, hardware_share, mean_hardware_score,
    software_base, software_complete, software_share, mean_software_score, compliant, status, null, null
  from area_completion
  where level = 'programme'
)
select programme, period, township, unnest([
  {figure: 'branches', value: branches::varchar},
  {figure: 'hardware_base', value: hardware_base::varchar},
  {figure: 'hardware_complete', value: hardware_complete::varchar},
  {figure: 'hardware_share', value: hardware_share::varchar},
  {figure: 'mean_hardware_score', value: mean_hardware_score::varchar},
  {figure: 'software_base', value: software_base::varchar},
  {figure: 'software_complete', value: software_complete::varchar},
  {figure: 'software_share', value: software_share::varchar},
  {figure: 'mean_software_score', value: mean_software_score::varchar},
  {figure: 'compliant', value: compliant::varchar},
  {figure: 'status', value: status},
  {figure: 'rank', value: rank::varchar},
  {figure: 'report_status', value: report_status}], recursive := true)
from lines
