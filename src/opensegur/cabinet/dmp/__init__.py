"""The DMP tab of a record: existence, consent, authorisation, reading; and the sender of deliveries."""
