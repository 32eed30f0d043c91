"""The Django project: settings, routes, middleware and the frame of every page."""
