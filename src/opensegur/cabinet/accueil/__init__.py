"""The day of the practice: who is expected, who has arrived, who receives them and why."""
