"""How values look: words of time, the ruler and the timesheet as pure layout. Nothing here queries."""
