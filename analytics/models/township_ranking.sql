select programme, period, township, rank, previous_rank
from ranking_within('')
