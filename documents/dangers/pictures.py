"""What a picture says of the place where it was taken."""

from PIL import ExifTags, Image

from documents.logos.pictures import UNSOUND

# The marker before EXIF data, and how many bytes after its start they begin: in JPEG, in PNG, in
# WebP (where their length stands between). A TIFF begins with them.
EXIF = {b"Exif\0\0": 6, b"eXIf": 4, b"EXIF": 8, b"": 0}
LONGEST_EXIF = 64 * 1024


def has_location(content: bytes) -> bool:
    """Return whether a picture has a GPS position, in its EXIF data or in XMP, which is plain text.
    It is not decoded; unreadable data have none."""
    if b"GPSLatitude" in content:
        return True
    for start in [content.find(mark) + after for mark, after in EXIF.items() if mark in content]:
        exif = Image.Exif()
        try:
            exif.load(content[start : start + LONGEST_EXIF])
            if ExifTags.GPS.GPSLatitude in exif.get_ifd(ExifTags.IFD.GPSInfo):
                return True
        except UNSOUND:
            continue
    return False
