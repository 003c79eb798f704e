"""The function `Photos`: a package of its own, because Pillow and pillow-heif are compiled."""
