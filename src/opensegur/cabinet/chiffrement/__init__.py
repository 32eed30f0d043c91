"""What is encrypted by field, with which key, and how it is found again."""
