"""The Annuaire Santé's view of the sandbox's professionals and structures, in FHIR."""
