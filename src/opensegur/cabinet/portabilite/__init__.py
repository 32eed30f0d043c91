"""The whole record of a patient in one archive, out and in again: CDA, PDF/A-1 and structured data."""
