select programme, strftime(make_date(month // 12, month % 12 + 1, 1), '%Y-%m') as period, year, number, published_at, figures_position,
  position, month
from fact_publication
where position <= getvariable('at_position')
