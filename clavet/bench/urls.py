from django.urls import path

from clavet.urls import *  # noqa: F403
from clavet.urls import urlpatterns

from . import floors

urlpatterns = [
    path("en/bench/empty/", floors.empty),
    path("en/bench/select/", floors.select),
    path("en/bench/page/", floors.page),
    path("en/bench/sql/", floors.sql),
    *urlpatterns,
]
