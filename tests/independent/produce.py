"""Makes the input PDFs, each by another producer: `produce.py FOLDER`.

Every file is a permit of one or more pages, so that what is signed looks like
what an office signs. Prints nothing; a producer that fails stops the run.
"""

import io
import json
import subprocess
import sys
import tempfile
import zlib
from decimal import Decimal
from pathlib import Path

HEADING = "PEMERINTAH KABUPATEN CONTOH"
OFFICE = "DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU"
TITLE = "SURAT IZIN PRAKTIK BIDAN (SIPB)"
LINES = [
    "Nomor: 503/0042/SIPB/DPMPTSP/2026",
    "Nama: Siti Aminah, A.Md.Keb.",
    "Alamat: Jalan Melati Nomor 7, Kecamatan Tengah",
    "Berlaku sampai dengan: 17 Agustus 2031",
    "Ditetapkan di Contoh pada tanggal 22 November 2026",
]
A4 = (595.275590551, 841.88976378)


def typst_files(folder: Path) -> None:
    import typst

    body = "\n\n".join(LINES)
    source = (
        '#set document(title: "Izin", author: "DPMPTSP", date: datetime(year: 2026, month: 11, day: 22))\n'
        '#set text(lang: "id")\n'
        f"= {TITLE}\n{OFFICE}\n\n{body}\n\n#table(columns: 2, [Jenis], [SIPB], [Kelas], [I])\n"
    )
    with tempfile.TemporaryDirectory() as temporary:
        path = Path(temporary) / "permit.typ"
        path.write_text(source)
        typst.compile(str(path), output=str(folder / "typst.pdf"))
        typst.compile(str(path), output=str(folder / "typst-pdfa2b.pdf"), pdf_standards="a-2b")


def libreoffice_files(folder: Path) -> None:
    body = "".join(f"<p>{line}</p>" for line in LINES)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "permit.html"
        source.write_text(
            f"<html><body><h2>{HEADING}</h2><h3>{OFFICE}</h3><h1>{TITLE}</h1>{body}</body></html>"
        )
        plain = "pdf:writer_web_pdf_Export"
        archive = plain + ":" + json.dumps({"SelectPdfVersion": {"type": "long", "value": "2"}})
        for name, export in [("libreoffice", plain), ("libreoffice-pdfa2b", archive)]:
            subprocess.run(
                ["soffice", f"-env:UserInstallation=file://{temporary}/profile", "--headless",
                 "--convert-to", export, "--outdir", temporary, str(source)],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
            )
            (Path(temporary) / "permit.pdf").rename(folder / f"{name}.pdf")


def cairo_file(folder: Path) -> None:
    import cairocffi

    surface = cairocffi.PDFSurface(str(folder / "cairo.pdf"), *A4)
    context = cairocffi.Context(surface)
    context.select_font_face("DejaVu Sans")
    context.set_font_size(12)
    for row, line in enumerate([HEADING, OFFICE, TITLE, *LINES]):
        context.move_to(72, 72 + 20 * row)
        context.show_text(line)
    surface.finish()


def reportlab_files(folder: Path) -> None:
    from reportlab.graphics.barcode import qr
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfgen import canvas

    def page(sheet: canvas.Canvas, extra: str = "") -> None:
        sheet.setFont("Helvetica", 12)
        for row, line in enumerate([HEADING, OFFICE, TITLE, *LINES, extra]):
            sheet.drawString(72, 760 - 20 * row, line)
        sheet.showPage()

    def draw(name: str, pages: int = 1, **options) -> canvas.Canvas:
        return canvas.Canvas(str(folder / f"{name}.pdf"), pagesize=A4, **options)

    sheet = draw("reportlab", pageCompression=1)
    page(sheet)
    sheet.save()

    sheet = draw("reportlab-form")
    sheet.acroForm.textfield(name="nomor", x=72, y=300, width=200, height=20, value="503/0042")
    sheet.acroForm.checkbox(name="setuju", x=72, y=260, checked=True)
    page(sheet)
    sheet.save()

    sheet = draw("reportlab-pages", pageCompression=1)
    for number in range(200):
        page(sheet, f"Halaman {number + 1} dari 200")
    sheet.save()

    sheet = draw("reportlab-rotated")
    for turn in (0, 90, 180, 270):
        sheet.setPageRotation(turn)
        page(sheet, f"Diputar {turn} derajat")
    sheet.save()

    sheet = draw("reportlab-qr")
    picture = Drawing(120, 120)
    picture.add(qr.QrCodeWidget("http://localhost/v/EXAMPLE", barWidth=120, barHeight=120))
    picture.drawOn(sheet, 72, 200)
    page(sheet)
    sheet.save()

    sheet = draw("reportlab-tag")
    page(sheet, "Tanda tangan: #")
    sheet.save()


def qpdf_files(folder: Path) -> None:
    source = str(folder / "reportlab-pages.pdf")
    few = ["--pages", source, "1-3", "--", source]
    for name, options in {
        "qpdf-object-streams": ["--object-streams=generate"],
        "qpdf-linearized": ["--linearize"],
        "qpdf-linearized-streams": ["--linearize", "--object-streams=generate"],
        "qpdf-qdf": ["--qdf"],
    }.items():
        target = str(folder / f"{name}.pdf")
        subprocess.run(["qpdf", "--deterministic-id", *few, *options, target], check=True)


def boxed_files(folder: Path) -> None:
    import pikepdf

    with pikepdf.open(folder / "reportlab.pdf") as pdf:
        # More digits than a 32-bit float holds: whoever writes it again changes it.
        pdf.pages[0].MediaBox = pikepdf.Array([0, 0, Decimal("595.275590551"), Decimal("841.889763779")])
        pdf.save(folder / "mediabox.pdf")
        pdf.pages[0].CropBox = pikepdf.Array([36, 72, Decimal("559.275590551"), Decimal("769.5")])
        pdf.save(folder / "cropped.pdf")


class OfficeWriter:
    """Bytes in the layout of Microsoft Office's "Save as PDF".

    A classic table, then an empty one whose trailer names an xref stream. With
    `tagged`, the structure elements sit in an object stream: free in the classic
    table, present in the stream, as Word writes tagged files.
    """

    def __init__(self) -> None:
        self.out = io.BytesIO()
        self.out.write(b"%PDF-1.7\r\n%\xb5\xb5\xb5\xb5\r\n")
        self.offsets: dict[int, int] = {}

    def put(self, number: int, body: bytes) -> None:
        self.offsets[number] = self.out.tell()
        self.out.write(b"%d 0 obj\r\n%s\r\nendobj\r\n" % (number, body))

    def put_stream(self, number: int, entries: bytes, data: bytes) -> None:
        packed = zlib.compress(data)
        head = b"<<%s/Filter/FlateDecode/Length %d>>" % (entries, len(packed))
        self.put(number, head + b"\r\nstream\r\n" + packed + b"\r\nendstream")


def content_stream() -> bytes:
    shown = b"".join(b"(%s) Tj 0 -20 Td " % line.encode() for line in [HEADING, TITLE, *LINES]
                     if "(" not in line)
    return b"BT /F1 12 Tf 72 760 Td " + shown + b"ET"


def office_file(path: Path, tagged: bool) -> None:
    writer = OfficeWriter()
    structure = b"/MarkInfo<</Marked true>>/StructTreeRoot 8 0 R" if tagged else b""
    writer.put(1, b"<</Type/Catalog/Pages 2 0 R/Lang(id-ID)%s>>" % structure)
    writer.put(2, b"<</Type/Pages/Count 1/Kids[ 3 0 R] >>")
    writer.put(3, b"<</Type/Page/Parent 2 0 R/Resources<</Font<</F1 5 0 R>>/ProcSet[/PDF/Text] >>"
                  b"/MediaBox[ 0 0 595.32 841.92] /Contents 4 0 R/Group<</Type/Group/S/Transparency/CS/DeviceRGB>>"
                  b"/Tabs/S%s>>" % (b"/StructParents 0" if tagged else b""))
    writer.put_stream(4, b"", content_stream())
    writer.put(5, b"<</Type/Font/Subtype/Type1/Name/F1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    writer.put(6, b"<</Author(DPMPTSP)/Creator(Word)/CreationDate(D:20261122080000+07'00')>>")
    compressed: dict[int, tuple[int, int]] = {}
    if tagged:
        elements = [b"<</Type/StructTreeRoot/K[ 9 0 R] /ParentTree 10 0 R>>",
                    b"<</Type/StructElem/S/Document/P 8 0 R/K[]>>", b"<</Nums[]>>"]
        starts, body = [], b""
        for number, element in enumerate(elements, start=8):
            starts.append(b"%d %d " % (number, len(body)))
            compressed[number] = (7, number - 8)
            body += element + b" "
        head = b"".join(starts)
        entries = b"/Type/ObjStm/N %d/First %d" % (len(elements), len(head))
        writer.put_stream(7, entries, head + body)
    finish_office(writer, path, compressed)


def finish_office(writer: OfficeWriter, path: Path, compressed: dict) -> None:
    last = max([*writer.offsets, *compressed])
    stream_number, size = last + 1, last + 2
    trailer = b"/Root 1 0 R/Info 6 0 R/ID[<%s><%s>] " % (b"5A" * 16, b"5A" * 16)
    rows = b"\0" + bytes(4) + b"\xff\xff"
    stream_at = writer.out.tell()
    for number in range(1, size):
        if number in compressed:
            holder, index = compressed[number]
            rows += b"\2" + holder.to_bytes(4, "big") + index.to_bytes(2, "big")
        else:
            at = stream_at if number == stream_number else writer.offsets[number]
            rows += b"\1" + at.to_bytes(4, "big") + bytes(2)
    writer.put_stream(stream_number, b"/Type/XRef/Size %d/W[ 1 4 2] %s" % (size, trailer), rows)

    free = [*sorted(compressed), 0]
    follow = dict(zip([0, *sorted(compressed)], free))
    table_at = writer.out.tell()
    writer.out.write(b"xref\r\n0 %d\r\n" % size)
    for number in range(size):
        if number in follow:
            writer.out.write(b"%010d %05d f\r\n" % (follow[number], 65535))
        else:
            writer.out.write(b"%010d %05d n\r\n" % (writer.offsets[number], 0))
    writer.out.write(b"trailer\r\n<</Size %d%s>>\r\nstartxref\r\n%d\r\n%%%%EOF\r\n"
                     % (size, trailer, table_at))
    second_at = writer.out.tell()
    writer.out.write(b"xref\r\n0 0\r\ntrailer\r\n<</Size %d%s/Prev %d/XRefStm %d>>\r\nstartxref\r\n%d\r\n%%%%EOF"
                     % (size, trailer, table_at, stream_at, second_at))
    path.write_bytes(writer.out.getvalue())


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    typst_files(folder)
    libreoffice_files(folder)
    cairo_file(folder)
    reportlab_files(folder)
    qpdf_files(folder)
    boxed_files(folder)
    office_file(folder / "office-hybrid.pdf", tagged=False)
    office_file(folder / "office-hybrid-tagged.pdf", tagged=True)


if __name__ == "__main__":
    main()
