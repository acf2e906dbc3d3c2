"""Make the example spreadsheets: 500 invented graduates in ten scripts, tidy and as real life has them.

    python tools/graduates.py            writes examples/graduates.csv, graduates-messy.csv and .xlsx

The same on every machine: the names are combined by counting, and no clock or dice are asked.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
COUNT = 500
MESSY_COUNT = 40
COLUMNS = (
    "student_number", "name", "name_latin", "programme", "field", "grade", "credits", "awarded", "diploma_number",
)  # fmt: skip

PEOPLE: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "latin": (
        ("Inés Quiroga", "Mateo Llorente", "Siobhán Ó Dálaigh", "Zoë van der Meer", "Łucja Zielińska", "Nguyễn Thị Mai",
         "Amara Okonjo", "Søren Dahl", "João Batista", "Ayşe Yıldız"),
        ("Bravo", "de la Peña", "Fontaine", "Ibáñez", "Keller"),
    ),
    "ethiopic": (
        ("ሰላማዊት|Selamawit", "አበበ|Abebe", "ትዕግሥት|Tigist", "ዳዊት|Dawit", "ሐና|Hanna", "ኃይሌ|Haile", "ማርታ|Marta", "ዮሐንስ|Yohannes"),
        ("በቀለ|Bekele", "ተስፋዬ|Tesfaye", "ገብረ መድኅን|Gebre Medhin", "ወልደ|Wolde", "አለሙ|Alemu"),
    ),
    "arabic": (
        ("فاطمة|Fatima", "يوسف|Yusuf", "مريم|Maryam", "خالد|Khalid", "ليلى|Layla", "عمر|Umar", "نور|Nur", "إبراهيم|Ibrahim"),
        ("المنصوري|al-Mansuri", "بن سالم|bin Salim", "الحداد|al-Haddad", "الزهراني|al-Zahrani", "قاسم|Qasim"),
    ),
    "devanagari": (
        ("आदित्य|Aditya", "प्रियंका|Priyanka", "मीरा|Meera", "रोहन|Rohan", "सुनीता|Sunita", "अर्जुन|Arjun", "कविता|Kavita", "विक्रम|Vikram"),
        ("शर्मा|Sharma", "वर्मा|Verma", "पाटील|Patil", "त्रिपाठी|Tripathi", "नेगी|Negi"),
    ),
    "khmer": (
        ("សុខា|Sokha", "ដារ៉ា|Dara", "ស្រីមុំ|Sreymom", "វិចិត្រ|Vichet", "ចន្ថា|Chantha", "ពិសិដ្ឋ|Piseth", "សុភាព|Sopheap", "រតនា|Ratana"),
        ("សុខ|Sok", "ចាន់|Chan", "កែវ|Keo", "លី|Ly", "ហេង|Heng"),
    ),
    "cyrillic": (
        ("Анна|Anna", "Дмитро|Dmytro", "Олена|Olena", "Георги|Georgi", "Светлана|Svetlana", "Тимур|Timur", "Мадина|Madina", "Игорь|Igor"),
        ("Шевченко|Shevchenko", "Иванова|Ivanova", "Петров|Petrov", "Нұрғалиева|Nurgalieva", "Ковач|Kovach"),
    ),
    "han": (
        ("林|Lin", "陈|Chen", "王|Wang", "赵|Zhao", "周|Zhou", "许|Xu", "何|He", "郑|Zheng"),
        ("小明|Xiaoming", "雨婷|Yuting", "志强|Zhiqiang", "思远|Siyuan", "美玲|Meiling"),
    ),
    "thai": (
        ("สมชาย|Somchai", "กนกวรรณ|Kanokwan", "ณัฐพล|Natthaphon", "พิมพ์ชนก|Phimchanok", "วิชัย|Wichai", "ศิริพร|Siriphon", "อนันต์|Anan", "มาลี|Mali"),
        ("ใจดี|Chaidi", "ศรีสุข|Srisuk", "ทองดี|Thongdi", "วงศ์ไทย|Wongthai", "บุญมา|Bunma"),
    ),
    "greek": (
        ("Ελένη|Eleni", "Γιώργος|Giorgos", "Μαρία|Maria", "Νίκος|Nikos", "Σοφία|Sofia", "Δημήτρης|Dimitris", "Άννα|Anna", "Πέτρος|Petros"),
        ("Παπαδάκη|Papadaki", "Νικολάου|Nikolaou", "Οικονόμου|Oikonomou", "Γεωργίου|Georgiou", "Βλάχου|Vlachou"),
    ),
    "bengali": (
        ("রহিমা|Rahima", "তানভীর|Tanvir", "নুসরাত|Nusrat", "সুমন|Suman", "মিতা|Mita", "আরিফ|Arif", "শিউলি|Shiuli", "ইমরান|Imran"),
        ("খাতুন|Khatun", "হোসেন|Hossain", "চৌধুরী|Chowdhury", "দাস|Das", "রহমান|Rahman"),
    ),
}  # fmt: skip
PROGRAMMES = (
    ("Bachelor of Science in Nursing", "Health sciences", 240),
    ("Bachelor of Science in Computer Science", "Computing", 240),
    ("Bachelor of Arts in Applied Linguistics", "Linguistics", 180),
    ("Master of Public Health", "Public health", 120),
    ("Bachelor of Education in Mathematics", "Teacher education", 240),
    ("Diploma in Electrical Installation", "Electrical engineering", 120),
    ("Master of Science in Water Resources", "Civil engineering", 120),
)
GRADES = ("Pass", "Merit", "Distinction", "Merit", "Pass", "First Class Honours")
DAYS = (date(2026, 7, 3), date(2026, 7, 10), date(2026, 7, 17))


def graduates(count: int = COUNT) -> Iterator[dict[str, str]]:
    """The first ``count`` graduates; nobody's name comes twice within one script and programme."""
    scripts = list(PEOPLE)
    for number in range(count):
        script = scripts[number % len(scripts)]
        name, latin = _person(script, number // len(scripts))
        programme, field, credits_ = PROGRAMMES[(number * 5 + number // 10) % len(PROGRAMMES)]
        yield {
            "student_number": f"2022-{number + 101:05d}",
            "name": name,
            "name_latin": latin,
            "programme": programme,
            "field": field,
            "grade": GRADES[(number * 7 + number // 3) % len(GRADES)],
            "credits": str(credits_),
            "awarded": DAYS[number % len(DAYS)].isoformat(),
            "diploma_number": f"UV-2026-{number + 1:04d}",
        }


def _person(script: str, number: int) -> tuple[str, str]:
    first, last = PEOPLE[script]
    one = first[number % len(first)]
    two = last[(number + number // len(first)) % len(last)]
    if script == "latin":
        return f"{one} {two}", ""
    (native, latin), (native_last, latin_last) = one.split("|"), two.split("|")
    gap = "" if script == "han" else " "
    return f"{native}{gap}{native_last}", f"{latin} {latin_last}"


def tidy_csv() -> bytes:
    """The sheet as one wishes it were: UTF-8, commas, ISO dates."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(graduates())
    return text.getvalue().encode("utf-8")


def messy_rows() -> list[list[str]]:
    """The sheet as it comes: odd headings, day numbers for dates, blanks, rows given twice."""
    headings = [name.replace("_", " ").title() for name in COLUMNS]
    rows = [[f" {headings[0]} ", *headings[1:], "", ""]]
    people = [list(person.values()) for person in graduates(MESSY_COUNT)]
    for number, cells in enumerate(people):
        if number % 4 == 1:
            cells[7] = str(_day_number(date.fromisoformat(cells[7])))
        if number % 5 == 2:
            cells[1], cells[5] = f"  {cells[1]} ", f"{cells[5]}\u00a0"
        rows.append([*cells, "", ""])
    rows.insert(12, [""] * 11)
    rows += [rows[3], rows[9], rows[3]]
    return rows + [[""] * 11 for _ in range(6)]


def messy_csv() -> bytes:
    """What a spreadsheet program saves where the comma is the decimal point: a mark, semicolons, CRLF."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(messy_rows())
    return text.getvalue().encode("utf-8-sig")


def messy_xlsx(path: Path) -> None:
    """The same as XLSX, with real dates and numbers in it; stamped with a fixed time."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for line, cells in enumerate(messy_rows(), 1):
        values: list[object] = [cell or None for cell in cells]
        if line > 1 and cells[7]:
            day = cells[7]
            values[6] = int(cells[6])
            values[7] = (
                date.fromisoformat(day) if "-" in day else date(1899, 12, 30) + timedelta(days=int(day))
            )
        sheet.append(values)
    book.properties.created = book.properties.modified = datetime(2026, 7, 20)  # noqa: DTZ001
    data = io.BytesIO()
    book.save(data)
    _write_same(zipfile.ZipFile(data), path)


def _write_same(made: zipfile.ZipFile, path: Path) -> None:
    """Copy an archive without the times at which its parts were written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in made.infolist():
            archive.writestr(
                zipfile.ZipInfo(part.filename, (2026, 7, 20, 0, 0, 0)), made.read(part), zipfile.ZIP_DEFLATED
            )


def _day_number(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def main() -> None:
    """Write the three files."""
    EXAMPLES.mkdir(exist_ok=True)
    (EXAMPLES / "graduates.csv").write_bytes(tidy_csv())
    (EXAMPLES / "graduates-messy.csv").write_bytes(messy_csv())
    messy_xlsx(EXAMPLES / "graduates-messy.xlsx")


if __name__ == "__main__":
    main()
