"""What the differential test of pickles is made of."""
