"""The roof: settings, addresses, the queue and the launcher; the only place that knows every room."""
