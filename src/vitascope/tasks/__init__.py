"""What was promised and what became of it: task and take rows, and the durable engine that makes sure takes end."""
