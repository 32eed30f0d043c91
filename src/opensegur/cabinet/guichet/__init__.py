"""What is read at the counter: the carte Vitale, the appli carte Vitale, a code that was scanned."""
