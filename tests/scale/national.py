"""A school with a ledger of its own and a sheet as long as wanted, worked by real `testamur` processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from testamur.store import Ledger, Record

PASSPHRASE = "ስንዴ እና ማር"
HEAD = "student_number,name,name_latin,programme,field,grade,credits,awarded,diploma_number\n"
NAMES = [
    ("ሰላማዊት በቀለ", "Selamawit Bekele"), ("فاطمة الزهراء", "Fatima al-Zahra"), ("प्रिया शर्मा", "Priya Sharma"),
    ("សុខ សុភា", "Sok Sophea"), ("José Ñandú Álvarez", ""), ("Олена Шевченко", "Olena Shevchenko"),
    ("王小明", "Wang Xiaoming"), ("Ngọc Ánh Trần", ""), ("ნინო ბერიძე", "Nino Beridze"), ("Γιώργος Παπαδόπουλος", ""),
]  # fmt: skip
GRADES = ("Distinction", "Merit", "Pass")


def sheet(path: Path, count: int) -> Path:
    """A sheet of this many graduates, written a line at a time."""
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for n in range(count):
            name, latin = NAMES[n % len(NAMES)]
            grade = GRADES[n % len(GRADES)]
            file.write(f"S-{n:07},{name} {n:x},{latin},Nursing,Health,{grade},240,2026-07-03,V-{n:07}\n")
    return path


@dataclass(frozen=True)
class School:
    """A home in a folder, with a ledger at a URL."""

    home: Path
    url: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def environment(self, **more: str) -> dict[str, str]:
        return os.environ | {"TESTAMUR_HOME": str(self.home), "TESTAMUR_PASSPHRASE": PASSPHRASE} | more

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "testamur", *arguments],
            env=self.environment(**environment), cwd=self.home.parent,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End what is still running, whatever became of the test."""
        for process in self.started:
            process.kill()
            process.communicate()

    def run(self, *arguments: str, **environment: str) -> str:
        process = self.start(*arguments, **environment)
        said = process.communicate(timeout=600)[0]
        assert process.returncode == 0, said
        return said

    @contextmanager
    def ledger(self) -> Iterator[Ledger]:
        with Ledger.open(self.url) as ledger:
            yield ledger

    def records(self) -> list[Record]:
        with self.ledger() as ledger:
            return list(ledger.each(self.did, with_forms=True))

    @property
    def did(self) -> str:
        return "did:web:diplomas.example.edu"


def found(folder: Path, url: str = "") -> School:
    """A new school with the shipped diploma as its template."""
    home = folder / "home"
    school = School(home, url or f"sqlite:///{home / 'ledger.sqlite'}")
    school.run(
        "init", "--name", "Universidad de Valdoria", "--url", "https://diplomas.example.edu",
        "--store", url or "sqlite:///ledger.sqlite",
    )  # fmt: skip
    school.run("template", "new", "diploma")
    return school


def check_whole(school: School, count: int) -> None:
    """Every row has one live record, no status index is used twice, and no row waits anywhere."""
    records = school.records()
    assert sorted(record.row_key for record in records) == [f"S-{n:07}" for n in range(count)]
    assert {record.state for record in records} == {"valid"}
    assert {len(record.forms) for record in records} == {2}
    slots = [(slot.list_number, slot.index) for record in records for slot in record.slots]
    assert len(set(slots)) == len(slots) == count
