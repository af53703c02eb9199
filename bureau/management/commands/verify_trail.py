from django.core.management.base import BaseCommand, CommandParser

from bureau.desk import trail
from bureau.desk.models.entry import Entry


class Command(BaseCommand):
    help = "Proves the trail: every chain whole, every line as it was written. Exit status 1 names the first bad row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="name the first bad row of every broken chain")

    def handle(self, *args: object, **options: object) -> None:
        entries = Entry.objects.order_by("subject_type_id", "subject_id", "seq").select_related("subject_type")
        faults = 0
        for fault in trail.verify(entries.iterator(chunk_size=2000)):
            faults += 1
            entry = fault.entry
            self.stdout.write(
                f"bad row {entry.pk}: {entry.subject_type.model} {entry.subject_id} line {entry.seq} "
                f"({entry.verb}): {fault.reason}"
            )
            if not options["all"]:
                break
        if faults:
            raise SystemExit(1)
        self.stdout.write(f"trail whole: {Entry.objects.count()} entries")
