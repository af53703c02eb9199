"""How the portal itself is: one finding a thing that must hold, for the system page and `manage.py system_check`."""
