"""What every page needs: the navigation, the languages, the offer of the browser's own language."""


def portal(request):
    return {}
