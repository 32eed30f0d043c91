"""Contents of each volet drawn at random: optional parts present or not, rare characters, long texts."""
