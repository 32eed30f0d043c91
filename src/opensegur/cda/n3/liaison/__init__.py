"""Letters between the town and the hospital: at the entry, and at the discharge."""
