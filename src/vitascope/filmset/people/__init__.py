"""People: bones, poses, clothes, what they carry and play."""
