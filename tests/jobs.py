"""Runs what waits in the queue, as the worker would, inside a test's own connection."""

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob


def waiting(task=""):
    """Jobs that wait, oldest first: (task name, arguments)."""
    jobs = ProcrastinateJob.objects.filter(status="todo").order_by("id")
    return [(job.task_name, job.args) for job in jobs if task in job.task_name]


def forget():
    """Empty the queue: tests that commit leave their jobs behind, which no flush takes away."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_events")
        cursor.execute("DELETE FROM procrastinate_jobs")


def run_jobs():
    """Run every job that waits, also those that these queue."""
    while True:
        job = ProcrastinateJob.objects.filter(status="todo").order_by("id").first()
        if job is None:
            return
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_events WHERE job_id = %s", [job.pk])
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        app.tasks[job.task_name](**job.args)
