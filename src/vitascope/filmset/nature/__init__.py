"""What grows, flows and falls: land, water, sky, weather."""
