"""The French value sets (JDV) and terminologies, as small tables with one look-up."""
