"""Pages that a link in a mail opens without an account."""


def private(response):
    """The address of the page is a key: no other page and no search engine learns it."""
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
