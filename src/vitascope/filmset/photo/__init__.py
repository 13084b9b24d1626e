"""Moves a given picture: takes it apart into depth and regions, moves it along a camera path, puts it together."""
