"""Deliveries: what leaves for a national service is first a row, and nothing is lost or sent twice."""
