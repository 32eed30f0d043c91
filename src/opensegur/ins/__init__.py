"""The national health identity: matricule, traits, status rules and the INSi teleservice."""
