"""Use cases: the only place where the rooms and the database meet, one function a use case."""
