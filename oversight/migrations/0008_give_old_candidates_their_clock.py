"""Candidates raised before decisions had a clock get it: from the duty to the instant by which they must be decided.

Its yellow instant is left out, for the calendar of that day is not asked here; red and the telling of the director are
what counts.
"""

from django.db import migrations


def start_clocks(apps, schema_editor):
    Candidate, Clock = apps.get_model("oversight", "ReferralCandidate"), apps.get_model("bureau", "Clock")
    kind, _is_new = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="oversight", model="referralcandidate"
    )
    bureau = apps.get_model("bureau", "Organisation").objects.filter(kind="bureau").order_by("-valid_from").first()
    having = Clock.objects.filter(subject_type=kind).values("subject_id")
    for one in Candidate.objects.filter(status="candidate").exclude(pk__in=having).iterator():
        Clock.objects.create(
            subject_type=kind, subject_id=one.pk, unit_id=one.unit_id, owed_by=bureau, owed_role="supervision",
            kind="referral_decision", ladder="light_only", limit_amount=1, limit_unit="working_days",
            started_at=one.duty_at, due_at=one.decide_by, next_rung="urge", next_rung_at=one.decide_by,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("oversight", "0007_withdraw_hand_overs_and_tell_again"), ("bureau", "0006_keep_hand_over_packs")]

    operations = [migrations.RunPython(start_clocks, migrations.RunPython.noop)]
