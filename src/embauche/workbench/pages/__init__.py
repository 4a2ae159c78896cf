"""Views: they read a request, call a service, and choose a template; no logic of the method."""
