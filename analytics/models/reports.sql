-- Every version received up to the instant read.
select programme, strftime(make_date(month // 12, month % 12 + 1, 1), '%Y-%m') as period, township, version, received_at, imported,
  submission_id, branches, position, hex(hash) as hash, progress, problems, next_steps, matters_to_coordinate, good_practices,
  prepared_by_post, prepared_on, approved_by_post, approved_on, month
from fact_report
where position <= getvariable('at_position') and received_at <= getvariable('as_of')
