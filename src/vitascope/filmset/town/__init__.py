"""What people built: houses, towns, lamps."""
