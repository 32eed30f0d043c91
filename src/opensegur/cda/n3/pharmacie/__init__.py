"""From the prescriber to the counter: prescriptions of medicines and devices, and what was dispensed."""
