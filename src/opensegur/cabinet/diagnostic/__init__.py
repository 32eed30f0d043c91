"""What works, what does not, and how to mend it: for the person at the desk and for their support."""
