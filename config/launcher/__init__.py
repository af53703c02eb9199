"""Starts, keeps and stops the portal on one machine: embedded engines, web, worker and beat."""
