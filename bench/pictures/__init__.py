"""Whether given pictures move as they should: the bars for image to video, measured on free pictures.

`material` holds the pictures and the films made of them, `measures` what is measured in a film's frames; `camera`,
`stirring`, `pairs` and `files` print one part of the table each, `sheet` draws strips of frames.
"""
