"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): other people's clients report and follow issues here."""
