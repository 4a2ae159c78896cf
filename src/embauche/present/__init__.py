"""What is shown: charts, canvases, the report and the tables."""
