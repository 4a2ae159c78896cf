"""What the workbench's templates call: sentences, terms, numbers, names, icons."""
