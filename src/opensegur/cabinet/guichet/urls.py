from django.urls import URLPattern

app_name = "guichet"
urlpatterns: list[URLPattern] = []
