//! Signatures as files carry them: the rules of /ByteRange and its gap, each broken once.

use crate::files::File;
use absah::kernel::pdf::signatures::{
    FieldMdp, RangeViolation, SignatureKind, orphan_byte_ranges, range, signature_fields,
    signatures,
};
use absah::kernel::pdf::{Limits, Object, ObjectId, Pdf, Update, last_eof};

/// A DER value of three bytes.
const VALUE: &str = "3003020105";
/// Digits in a hole.
const HOLE: usize = 40;

/// How the signature is written.
struct Recipe {
    /// What stands in the hole.
    value: String,
    /// Further entries of the signature dictionary.
    entries: &'static str,
    /// What /ByteRange says, given what it should.
    byte_range: fn([usize; 4]) -> String,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            value: VALUE.into(),
            entries: "",
            byte_range: |[a, b, c, d]| format!("{a} {b} {c} {d}"),
        }
    }
}

/// Appends a signature in field `name` to a file.
fn sign(base: &[u8], name: &str, recipe: &Recipe) -> Vec<u8> {
    let pdf = Pdf::read(base, &Limits::default()).unwrap();
    let mut update = Update::new(&pdf);
    let value = update.reserve();
    let head = format!(
        "<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached{}/Contents",
        recipe.entries
    );
    let hole = format!("<{:0<HOLE$}>", recipe.value);
    let range = " ".repeat(60);
    update.put(
        value,
        format!("{head}{hole}/ByteRange[{range}]>>").into_bytes(),
    );
    let field = update.add(
        format!(
            "<</FT/Sig/T({name})/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132/P 3 0 R/V {}>>",
            value.reference()
        )
        .into_bytes(),
    );
    let catalog = pdf.catalog_id().unwrap();
    if pdf.catalog().unwrap().get("AcroForm").is_none() {
        update.set(catalog, "AcroForm", b"6 0 R").unwrap();
        update.put(
            ObjectId::new(6),
            format!("<</Fields[{}]>>", field.reference()).into_bytes(),
        );
    } else {
        update
            .append(ObjectId::new(6), "Fields", field.reference().as_bytes())
            .unwrap();
    }
    let mut out = base.to_vec();
    let body = update
        .seal()
        .unwrap()
        .append_to(&mut out)
        .body_of(value)
        .unwrap();
    let start = body + head.len();
    let end = start + hole.len();
    let numbers = (recipe.byte_range)([0, start, end, out.len() - end]);
    let place = end + "/ByteRange[".len();
    out[place..place + numbers.len()].copy_from_slice(numbers.as_bytes());
    out
}

fn base() -> Vec<u8> {
    File::new().with(6, "null").classic()
}

fn violations(file: &[u8]) -> Vec<RangeViolation> {
    let pdf = Pdf::read(file, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    range::violations(&pdf, fields[0].signature.as_ref().unwrap())
}

fn with_range(byte_range: fn([usize; 4]) -> String) -> Vec<RangeViolation> {
    let recipe = Recipe {
        byte_range,
        ..Recipe::default()
    };
    violations(&sign(&base(), "A", &recipe))
}

#[test]
fn a_sound_signature() {
    let file = sign(&base(), "A", &Recipe::default());
    assert_eq!(violations(&file), []);
    let pdf = Pdf::read(&file, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    let [field] = fields.as_slice() else { panic!() };
    let signature = field.signature.as_ref().unwrap();
    assert_eq!(
        (field.name.as_str(), signature.kind),
        ("A", SignatureKind::Signature)
    );
    assert_eq!(signature.revision, 1);
    assert!(signature.covers_whole_file(&pdf));
    let covered: usize = signature
        .covered(&file)
        .unwrap()
        .iter()
        .map(|part| part.len())
        .sum();
    assert_eq!(covered, file.len() - HOLE - 2);
    assert!(orphan_byte_ranges(&pdf, &fields).is_empty());
    assert_eq!(field.widgets[0].page, Some(ObjectId::new(3)));
}

#[test]
fn a_second_signature_leaves_the_first_sound() {
    let first = sign(&base(), "A", &Recipe::default());
    let second = sign(&first, "B", &Recipe::default());
    let pdf = Pdf::read(&second, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    let covered: Vec<_> = fields
        .iter()
        .map(|field| {
            let signature = field.signature.as_ref().unwrap();
            assert_eq!(range::violations(&pdf, signature), []);
            (
                field.name.clone(),
                signature.covered_revision(&pdf),
                signature.revision,
            )
        })
        .collect();
    assert_eq!(
        covered,
        [("A".into(), Some(1), 1), ("B".into(), Some(2), 2)]
    );
}

#[test]
fn ranges_that_do_not_cover_a_revision() {
    use RangeViolation as V;
    assert_eq!(with_range(|_| String::new()), [V::NotTwoRanges(0)]);
    assert_eq!(
        with_range(|[a, b, c, _]| format!("{a} {b} {c}")),
        [V::NotTwoRanges(3)]
    );
    assert_eq!(
        with_range(|[a, b, c, d]| format!("{a} {b} {c} {d} {c} {d}")),
        [V::NotTwoRanges(6)]
    );
    assert_eq!(with_range(|_| "0 null 0 0".into()), [V::Malformed]);
    assert_eq!(
        with_range(|_| "0 1 2 99999999999999999999".into()),
        [V::Malformed]
    );
    assert_eq!(
        with_range(|[_, b, c, d]| format!("0 {b} {c} -{d}")),
        [V::Impossible]
    );
    assert!(
        with_range(|[_, b, c, d]| format!("1 {} {c} {d}", b - 1)).contains(&V::NotFromStart(1))
    );
    assert!(with_range(|_| "0 0 0 0".into()).contains(&V::NoGap));
    assert!(matches!(
        with_range(|[_, b, c, d]| format!("0 {b} {c} {}", d + 1))[..],
        [V::BeyondFile { .. }]
    ));
    assert!(matches!(
        with_range(|[_, b, c, d]| format!("0 {b} {c} {}", d - 20))[..],
        [V::NotARevision(_)]
    ));
}

#[test]
fn gaps_that_are_not_the_contents() {
    let wider = with_range(|[_, b, c, d]| format!("0 {} {c} {d}", b - 9));
    assert!(matches!(wider[0], RangeViolation::GapIsNotContents { .. }));
    assert!(wider.contains(&RangeViolation::NotHexadecimal));
    let later = with_range(|[_, b, c, d]| format!("0 {b} {} {}", c + 1, d - 1));
    assert!(matches!(later[0], RangeViolation::GapIsNotContents { .. }));
    let narrower = with_range(|[_, b, c, d]| format!("0 {} {} {}", b + 1, c - 1, d + 1));
    assert!(matches!(
        narrower[0],
        RangeViolation::GapIsNotContents { .. }
    ));
    let spaced = Recipe {
        value: "30030201 05".into(),
        ..Recipe::default()
    };
    assert_eq!(
        violations(&sign(&base(), "A", &spaced)),
        [RangeViolation::NotHexadecimal]
    );
}

#[test]
fn values_that_are_not_one_value() {
    let value = |value: &str| {
        let recipe = Recipe {
            value: value.into(),
            ..Recipe::default()
        };
        violations(&sign(&base(), "A", &recipe))
    };
    assert_eq!(value(""), [RangeViolation::Empty]);
    assert_eq!(value("30030201050001"), [RangeViolation::TrailingData(2)]);
    assert_eq!(
        value("30030201053003020106"),
        [RangeViolation::TrailingData(5)]
    );
}

#[test]
fn a_value_of_another_field() {
    // The second field is given the first one's value by an update.
    let first = sign(&base(), "A", &Recipe::default());
    let pdf = Pdf::read(&first, &Limits::default()).unwrap();
    let value = signatures(&pdf).unwrap()[0].signature.as_ref().unwrap().id;
    let mut update = Update::new(&pdf);
    let field = update.add(format!("<</FT/Sig/T(B)/V {}>>", value.reference()).into_bytes());
    update
        .append(ObjectId::new(6), "Fields", field.reference().as_bytes())
        .unwrap();
    let file = update.finish().unwrap();
    let pdf = Pdf::read(&file, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    assert_eq!(fields.len(), 2);
    let ids: Vec<_> = fields
        .iter()
        .map(|field| field.signature.as_ref().unwrap().id)
        .collect();
    assert_eq!(ids, [value, value]);
}

#[test]
fn a_dropped_field_leaves_an_orphan() {
    let signed = sign(&base(), "A", &Recipe::default());
    let pdf = Pdf::read(&signed, &Limits::default()).unwrap();
    let mut update = Update::new(&pdf);
    update.put(ObjectId::new(6), b"<</Fields[]>>".to_vec());
    let file = update.finish().unwrap();
    let pdf = Pdf::read(&file, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    assert!(fields.is_empty());
    assert_eq!(orphan_byte_ranges(&pdf, &fields).len(), 1);
}

#[test]
fn something_appended_is_seen() {
    let mut file = sign(&base(), "A", &Recipe::default());
    let end = file.len();
    file.extend_from_slice(b"9 0 obj<<>>endobj\n");
    assert!(Pdf::read(&file, &Limits::default()).is_err());
    assert_eq!(last_eof(&file), Some(end));
}

#[test]
fn transforms() {
    let certified = Recipe {
        entries: "/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1>>>>\
            <</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[(a)(b.c)]>>>>]",
        ..Recipe::default()
    };
    let file = sign(&base(), "A", &certified);
    let pdf = Pdf::read(&file, &Limits::default()).unwrap();
    let fields = signatures(&pdf).unwrap();
    let signature = fields[0].signature.as_ref().unwrap();
    assert_eq!(signature.doc_mdp, Some(1));
    let names = vec!["a".to_owned(), "b.c".to_owned()];
    assert_eq!(signature.field_mdp, [FieldMdp::Include(names)]);
}

#[test]
fn fields_in_a_tree() {
    let bytes = File::new()
        .with_catalog("/AcroForm<</Fields[6 0 R 9 0 R]>>")
        .with(6, "<</T(dinas)/FT/Sig/Kids[7 0 R 8 0 R]>>")
        .with(
            7,
            "<</T(kepala)/Parent 6 0 R/Kids[10 0 R]/Lock<</Action/All>>>>",
        )
        .with(8, "<</T(nama)/FT/Tx/Parent 6 0 R>>")
        .with(
            9,
            "<</FT/Sig/T(segel)/Subtype/Widget/Rect[1 2 3 4.5]/F 4/V null>>",
        )
        .with(10, "<</Parent 7 0 R/Subtype/Widget/Rect[0 0 1 1]/P 3 0 R>>")
        .classic();
    let pdf = Pdf::read(&bytes, &Limits::default()).unwrap();
    let fields = signature_fields(&pdf).unwrap();
    let names: Vec<_> = fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["dinas.kepala", "segel"]);
    assert_eq!(fields[0].widgets[0].id, ObjectId::new(10));
    let lock = fields[0].lock.as_ref().unwrap();
    assert_eq!((&lock.fields, lock.permission), (&FieldMdp::All, None));
    assert_eq!(fields[1].widgets[0].rect, Some([1.0, 2.0, 3.0, 4.5]));
    assert!(fields.iter().all(|field| field.signature.is_none()));
    let kids = fields[0].dictionary.get("Kids").and_then(Object::as_array);
    assert_eq!(kids.unwrap().len(), 1);
}

#[test]
fn a_form_with_a_circle_is_refused() {
    let bytes = File::new()
        .with_catalog("/AcroForm<</Fields[6 0 R]>>")
        .with(6, "<</T(a)/FT/Sig/Kids[6 0 R]>>")
        .classic();
    let pdf = Pdf::read(&bytes, &Limits::default()).unwrap();
    assert!(signature_fields(&pdf).is_err());
}
