"""The film set's machinery: the site, the camera on its path, light, and who plays what when."""
