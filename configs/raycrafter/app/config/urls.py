from django.contrib import admin
from django.urls import path

from board import views

urlpatterns = [
    path("", views.page, name="page"),
    path("health/", views.health, name="health"),
    path("admin/", admin.site.urls),
]
