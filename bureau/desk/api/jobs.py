"""`jobs/{id}/`: how far work in the background is, for whoever ordered it."""

from __future__ import annotations

from rest_framework import serializers

from bureau.desk.api.fields import Instant
from bureau.desk.api.views import ScopedDetailView
from bureau.desk.models import Job


class JobSerializer(serializers.Serializer):
    """`document` opens at `/documents/{document}/` once `state` is `done`; `why` is a code once it is `failed`."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=Job.State.choices)
    tries = serializers.IntegerField()
    done_steps = serializers.IntegerField()
    all_steps = serializers.IntegerField()
    asked_at = Instant()
    ended_at = Instant(allow_null=True)
    why = serializers.CharField()
    document = serializers.UUIDField(source="document_id", allow_null=True)


class JobDetail(ScopedDetailView):
    queryset = Job.objects.all()
    serializer_class = JobSerializer
    scope_name = "jobs"
