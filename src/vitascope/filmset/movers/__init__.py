"""What moves without being a person: animals, boats, vehicles, balls."""
