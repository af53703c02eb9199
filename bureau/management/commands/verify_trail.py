from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.desk.models.entry import Entry
from bureau.desk.models.root import TrailRoot
from bureau.desk.sealing.readings import holdings, key_ring
from bureau.proofs.findings import Finding
from bureau.proofs.judgement import judge
from bureau.proofs.roots import Root, read_roots
from bureau.proofs.trail import NO_ROOTS


class Command(BaseCommand):
    help = (
        "Proves the trail: every chain whole, every line, root and evidence file as it was sealed. "
        "Exit status 1 names what is not."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="name everything that is wrong, not the first alone")
        parser.add_argument("--roots", type=Path, help="roots kept outside the portal: a file, or a directory of files")

    def handle(self, *args: object, roots: Path | None, **options: object) -> None:
        kept, unread = self.kept_roots(roots)
        findings = 0
        for finding in (*unread, *judge(holdings(), kept, key_ring())) if options["all"] else self.first(kept, unread):
            findings += 1
            self.stdout.write(str(finding))
        if findings:
            raise SystemExit(1)
        self.stdout.write(f"trail whole: {Entry.objects.count()} entries, {TrailRoot.objects.count()} roots")
        if roots is None:
            self.stdout.write(NO_ROOTS)

    def first(self, kept: dict[int, Root], unread: list[Finding]) -> list[Finding]:
        found = unread[0] if unread else next(judge(holdings(), kept, key_ring()), None)
        return [found] if found else []

    def kept_roots(self, place: Path | None) -> tuple[dict[int, Root], list[Finding]]:
        if place is None:
            return {}, []
        if not place.exists():
            raise CommandError(f"{place}: there is nothing.")
        return read_roots(place)
