"""Jobs: evidence grouped into jobs to be done, and the job matrix."""
