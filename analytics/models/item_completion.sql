from item_completion_within('')
