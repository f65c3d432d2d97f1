from django.urls import path

app_name = "fiches"
urlpatterns = []
_ = path
