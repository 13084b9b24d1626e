"""What any web server has: reading bodies, serving files, saying whether it is ready."""
