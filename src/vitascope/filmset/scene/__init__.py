"""What a clip is to show, as data: the Scene, how words become one (`understand`) and one words (`caption`)."""
