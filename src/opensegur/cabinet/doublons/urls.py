from django.urls import URLPattern

app_name = "doublons"
urlpatterns: list[URLPattern] = []
