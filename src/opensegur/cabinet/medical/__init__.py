"""What is known of a patient's health, as typed values: kept, shown, sent in a VSM, taken from what is received."""
