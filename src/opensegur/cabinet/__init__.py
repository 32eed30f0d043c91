"""The application of a practice, in French: a Django project, one app per counter."""
