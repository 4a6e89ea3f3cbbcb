"""Word document → referral form; and a returned document with a comment at each queried answer."""
