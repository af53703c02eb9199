"""`make bench`: how fast the portal is, each figure beside what bare SQL takes for the same work in the same run."""
