"""First steps to act: messages, funnel, backlog and ideas as arranged evidence."""
