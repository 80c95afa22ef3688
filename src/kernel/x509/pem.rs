//! PEM (RFC 7468), read laxly: text around the blocks is ignored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The content of every block with one of the labels; without any PEM block in
/// the file, the file itself, which is then DER.
pub fn blocks_or_der(bytes: &[u8], labels: &[&str]) -> Vec<Vec<u8>> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains("-----BEGIN ") => blocks(text, labels),
        _ => vec![bytes.to_vec()],
    }
}

fn blocks(text: &str, labels: &[&str]) -> Vec<Vec<u8>> {
    let starts = text.split("-----BEGIN ").skip(1);
    starts.filter_map(|block| decode(block, labels)).collect()
}

/// The content of one block, where its label is asked for and its base64 is sound.
fn decode(block: &str, labels: &[&str]) -> Option<Vec<u8>> {
    let (label, rest) = block.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    if !labels.contains(&label) {
        return None;
    }
    let compact: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(compact).ok()
}

/// One block, lines of 64 characters.
pub fn encode(label: &str, der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut lines = Vec::new();
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(64).unwrap_or((rest, ""));
        lines.push(line);
        rest = after;
    }
    let body = lines.join("\n");
    format!("-----BEGIN {label}-----\n{body}\n-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_read_back_among_other_text() {
        let der: Vec<u8> = (0..100).collect();
        let text = format!(
            "subject=x\n{}more\n{}",
            encode("X509 CRL", &[1]),
            encode("CERTIFICATE", &der)
        );
        assert_eq!(
            blocks_or_der(text.as_bytes(), &["CERTIFICATE"]),
            std::slice::from_ref(&der)
        );
        assert_eq!(blocks_or_der(&der, &["CERTIFICATE"]), [der]);
    }

    #[test]
    fn a_broken_block_is_no_block() {
        let text = "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----";
        assert!(blocks_or_der(text.as_bytes(), &["CERTIFICATE"]).is_empty());
        assert!(blocks_or_der(b"-----BEGIN CERTIFICATE-----", &["CERTIFICATE"]).is_empty());
    }
}
