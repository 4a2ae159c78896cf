"""The workbench: a Django project over the rooms.

Nothing here imports Django at the top of a module that the command line loads: `server`, `demo`,
`open` and `export` import it inside their functions, so that ``embauche run`` works without it.
"""
