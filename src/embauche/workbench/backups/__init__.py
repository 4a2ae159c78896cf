"""Backups: one archive of a workspace, readable by any database that Embauche runs on."""
