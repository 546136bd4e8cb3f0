import logging

from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

from .models import Note
from .tasks import add

logger = logging.getLogger(__name__)
TASK_DEADLINE_S = 5


def cached_answer():
    """The answer, and whether it was in the cache."""
    answer = cache.get("answer")
    if answer is not None:
        return answer, True
    cache.set("answer", 42, timeout=300)
    return 42, False


def task_result():
    """What a worker made of 19 + 23; None when no worker answers in time."""
    try:
        sent = add.delay(19, 23)
        return sent.get(timeout=TASK_DEADLINE_S)
    except Exception:  # the broker's and the transport's errors have no common base; the page shows that it failed
        logger.exception("the task got no result")
        return None


def page(request):
    answer, hit = cached_answer()
    return render(
        request,
        "board/page.html",
        {
            "note": Note.objects.order_by("pk").first(),
            "database": connection.vendor,
            "answer": answer,
            "hit": hit,
            "result": task_result(),
        },
    )


def health(request):
    """For probes: the database answers. Neither cache nor broker is asked."""
    Note.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")
