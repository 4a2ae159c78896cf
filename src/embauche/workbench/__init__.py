"""The workbench: a Django project over the rooms."""
