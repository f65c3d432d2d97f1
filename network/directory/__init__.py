"""The directory of authorities: finding, filtering, listing, and the page of each."""
