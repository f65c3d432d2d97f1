from django import template

register = template.Library()

BROWSERS = [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox/", "Firefox")]
BROWSERS += [("Chrome/", "Chrome"), ("Safari/", "Safari")]  # last: the others call themselves these as well
SYSTEMS = [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")]
SYSTEMS += [("Mac OS", "macOS"), ("Linux", "Linux")]


@register.filter
def browser(user_agent: str) -> str:
    """“Firefox, Windows”: enough to recognise one's own; what says neither is shown as it is."""
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent[:60]
