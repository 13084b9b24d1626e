"""What each model id accepts, refuses, costs and returns: cards of data, one small function per rule, replies."""
