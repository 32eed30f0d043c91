"""The Dossier Médical Partagé: metadata, VIHF and transactions."""
