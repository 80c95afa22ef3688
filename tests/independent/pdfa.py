"""What signing adds to a PDF/A file, by structure: `pdfa.py FILE`, problems one a line.

The rules of ISO 19005-2 that an added signature could break: 6.1.3 (identifier),
6.2.4 (colour), 6.2.8 (images), 6.2.10 (transparency), 6.2.11 (fonts), 6.3
(annotations), 6.4 (forms), 6.5 (actions), 6.6 (metadata). It is no PDF/A validator.
"""

import sys

import pikepdf

DEVICE_COLOUR = {"g", "G", "rg", "RG", "k", "K"}
PRINT, HIDDEN_INVISIBLE_NOVIEW = 4, 1 | 2 | 32


def widgets(pdf: pikepdf.Pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            if annotation.get("/Subtype") == "/Widget":
                yield annotation


def check_widget(widget) -> list[str]:
    name = str(widget.get("/T", "a field"))
    problems = []
    flags = int(widget.get("/F", 0))
    if not flags & PRINT or flags & HIDDEN_INVISIBLE_NOVIEW:
        problems.append(f"{name}: flags {flags} (6.3.2)")
    for key in ("/A", "/AA"):
        if key in widget:
            problems.append(f"{name}: has {key} (6.4.1, 6.5)")
    left, bottom, right, top = (float(n) for n in widget.Rect)
    if right > left and top > bottom:
        if "/N" not in widget.get("/AP", {}):
            problems.append(f"{name}: no appearance (6.3.3)")
        else:
            normal = widget.AP.N
            states = [normal] if isinstance(normal, pikepdf.Stream) else normal.values()
            for state in states:
                problems += check_form(name, state)
    return problems


def check_form(name: str, form) -> list[str]:
    problems = []
    for operands, operator in pikepdf.parse_content_stream(form):
        if str(operator) in DEVICE_COLOUR:
            problems.append(f"{name}: device colour {operator} (6.2.4.3)")
        if str(operator) in ("sh", "INLINE IMAGE"):
            problems.append(f"{name}: operator {operator}")
    resources = form.get("/Resources", {})
    for font_name, font in resources.get("/Font", {}).items():
        if not embedded(font):
            problems.append(f"{name}: font {font_name} is not embedded (6.2.11.4)")
    for state in resources.get("/ExtGState", {}).values():
        if state.get("/SMask", "/None") != "/None" or state.get("/CA", 1) != 1 or state.get("/ca", 1) != 1:
            problems.append(f"{name}: transparency (6.2.10)")
    if "/Group" in form and form.Group.get("/S") == "/Transparency":
        problems.append(f"{name}: a transparency group (6.2.10)")
    for inner_name, inner in resources.get("/XObject", {}).items():
        if inner.get("/Subtype") == "/Form":
            problems += check_form(f"{name}{inner_name}", inner)
        else:
            problems.append(f"{name}: an image {inner_name}")
    return problems


def embedded(font) -> bool:
    if font.get("/Subtype") == "/Type0":
        font = font.DescendantFonts[0]
    descriptor = font.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def check(pdf: pikepdf.Pdf) -> list[str]:
    problems = []
    if "/ID" not in pdf.trailer:
        problems.append("no file identifier (6.1.3)")
    if pdf.Root.get("/AcroForm", {}).get("/NeedAppearances", False):
        problems.append("NeedAppearances is true (6.4.1)")
    if "/Metadata" not in pdf.Root or b"pdfaid" not in pdf.Root.Metadata.read_bytes():
        problems.append("the PDF/A identification is gone (6.6.4)")
    if not list(widgets(pdf)):
        problems.append("no widget was added")
    for widget in widgets(pdf):
        problems += check_widget(widget)
    return problems


if __name__ == "__main__":
    with pikepdf.open(sys.argv[1]) as pdf:
        found = check(pdf)
    print("\n".join(found))
    sys.exit(1 if found else 0)
