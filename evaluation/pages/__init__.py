"""What each page shows, read for the person who asks: views and templates only hand it on."""
