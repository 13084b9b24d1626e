"""What everything is drawn with: paint, palette, textures, lenses, and random streams that are the same everywhere."""
