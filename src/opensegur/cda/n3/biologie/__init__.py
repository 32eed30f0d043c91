"""Reports of medical biology (CR-BIO): results, batteries, isolates, samples, and the document around them."""
