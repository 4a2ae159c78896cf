"""The study folder and the stages run in order: frozen inputs to frozen results."""
