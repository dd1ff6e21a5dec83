"""One file per format. An importer refuses a bad file whole and changes nothing the second time."""
