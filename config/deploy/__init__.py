"""What stands around the portal in production: the TLS proxy's settings and the container's probe."""
