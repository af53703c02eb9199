import unicodedata

from django.core.management.base import BaseCommand
from django.utils import timezone, translation

from config.system.findings import Finding
from config.system.health import health_of


class Command(BaseCommand):
    help = "Says how the portal is, as its system page does. Exit status 1 when something needs a hand now."

    def handle(self, *args: object, **options: object) -> None:
        with translation.override("zh-hans"):
            findings = health_of(at=timezone.now())
            for finding in findings:
                self.stdout.write(line_of(finding))
        if any(finding.is_bad for finding in findings):
            raise SystemExit(1)


def line_of(finding: Finding) -> str:
    words = f"{padded(f'[{finding.state.word}]', 10)} {padded(str(finding.label), 14)} {finding.words}"
    return f"{words} → {finding.remedy}" if finding.remedy else words


def padded(text: str, width: int) -> str:
    """Chinese characters take two places at a terminal."""
    shown = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * max(0, width - shown)
