//! From a file and the environment to the configuration.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::{Config, SETTINGS, Setting, Shape};

/// How alike two names must be for one to be suggested for the other.
const ALIKE: f64 = 0.75;

/// The variables whose names begin with `ABSAH_`.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok()?;
            name.starts_with("ABSAH_")
                .then(|| (name, value.to_string_lossy().into_owned()))
        });
        Self(variables.collect())
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        let owned = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self(owned.into())
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("cannot read {file}: {error}", file = file.display())]
    Unreadable {
        /// Its path.
        file: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{file} is not TOML: {error}", file = file.display())]
    Syntax {
        /// Its path.
        file: PathBuf,
        /// Where and why.
        error: toml::de::Error,
    },
    /// A name that is no setting.
    #[error("unknown setting {name}{}", suggestion(.nearest.as_deref()))]
    Unknown {
        /// As it was written.
        name: String,
        /// The setting most like it.
        nearest: Option<String>,
    },
    /// A value of the wrong shape.
    #[error("{name}: {why}")]
    Value {
        /// The setting.
        name: String,
        /// What is wrong with it.
        why: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean {name}?"))
        .unwrap_or_default()
}

pub(super) fn load(file: Option<&Path>, environment: &Environment) -> Result<Config, ConfigError> {
    let mut table = file.map(read).transpose()?.unwrap_or_default();
    refuse_unknown(&table)?;
    overlay(&mut table, environment)?;
    Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| {
            // The error's second line names the setting: "in `limits.upload_bytes`".
            let text = error.to_string();
            let name = text.split('`').rev().nth(1).unwrap_or("a setting");
            ConfigError::Value {
                name: name.to_owned(),
                why: error.message().to_owned(),
            }
        })
}

fn read(file: &Path) -> Result<Table, ConfigError> {
    let text = std::fs::read_to_string(file).map_err(|error| ConfigError::Unreadable {
        file: file.to_owned(),
        error,
    })?;
    text.parse().map_err(|error| ConfigError::Syntax {
        file: file.to_owned(),
        error,
    })
}

fn refuse_unknown(table: &Table) -> Result<(), ConfigError> {
    for (section, value) in table {
        let named = |setting: &&Setting| setting.section == section;
        match value {
            Value::Table(keys) if SETTINGS.iter().any(|setting| named(&setting)) => {
                for key in keys.keys() {
                    if !SETTINGS
                        .iter()
                        .filter(named)
                        .any(|setting| setting.key == key)
                    {
                        let name = format!("{section}.{key}");
                        let nearest = nearest(section, key).map(dotted);
                        return Err(ConfigError::Unknown { name, nearest });
                    }
                }
            }
            Value::Table(_) => {
                let alike = SETTINGS.iter().map(|setting| setting.section);
                let nearest = alike
                    .filter(|known| strsim::jaro_winkler(known, section) >= ALIKE)
                    .max_by(|a, b| closer(section, a, b))
                    .map(str::to_owned);
                return Err(ConfigError::Unknown {
                    name: section.clone(),
                    nearest,
                });
            }
            _ => {
                // A setting before the first section's head.
                let alike = SETTINGS
                    .iter()
                    .filter(|known| strsim::jaro_winkler(known.key, section) >= ALIKE);
                let nearest = alike
                    .max_by(|a, b| closer(section, a.key, b.key))
                    .map(dotted);
                return Err(ConfigError::Unknown {
                    name: section.clone(),
                    nearest,
                });
            }
        }
    }
    Ok(())
}

fn closer(name: &str, a: &str, b: &str) -> Ordering {
    strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b))
}

/// The setting most like `section.key`, where one is like it at all.
fn nearest(section: &str, key: &str) -> Option<&'static Setting> {
    let likeness = |known: &Setting| {
        0.3 * strsim::jaro_winkler(section, known.section)
            + 0.7 * strsim::jaro_winkler(key, known.key)
    };
    let best = SETTINGS
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(best) >= ALIKE).then_some(best)
}

fn dotted(setting: &Setting) -> String {
    format!("{}.{}", setting.section, setting.key)
}

fn overlay(table: &mut Table, environment: &Environment) -> Result<(), ConfigError> {
    for (name, text) in &environment.0 {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == *name) else {
            refuse_misspelt(name)?;
            continue;
        };
        let section = table
            .entry(setting.section)
            .or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(keys) = section {
            keys.insert(setting.key.to_owned(), value(setting, name, text)?);
        }
    }
    Ok(())
}

/// Tests and tools have variables too: only those that name a section are held
/// to be misspelt settings.
fn refuse_misspelt(variable: &str) -> Result<(), ConfigError> {
    for setting in SETTINGS {
        let prefix = format!("ABSAH_{}_", setting.section.to_ascii_uppercase());
        if let Some(key) = variable.strip_prefix(&prefix) {
            return Err(ConfigError::Unknown {
                name: variable.to_owned(),
                nearest: nearest(setting.section, &key.to_ascii_lowercase()).map(Setting::variable),
            });
        }
    }
    Ok(())
}

fn value(setting: &Setting, name: &str, text: &str) -> Result<Value, ConfigError> {
    let wrong = |why: &str| ConfigError::Value {
        name: name.to_owned(),
        why: why.to_owned(),
    };
    Ok(match setting.shape {
        Shape::Text => Value::String(text.to_owned()),
        Shape::Number => Value::Integer(text.parse().map_err(|_| wrong("is not a number"))?),
        Shape::Flag => Value::Boolean(text.parse().map_err(|_| wrong("is not true or false"))?),
        Shape::List => {
            let items = text
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_text(text: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("absah.toml");
        std::fs::write(&file, text).unwrap();
        load(Some(&file), &Environment::default())
    }

    fn message(text: &str) -> String {
        from_text(text).unwrap_err().to_string()
    }

    #[test]
    fn nothing_said_is_the_embedded_default() {
        let config = load(None, &Environment::default()).unwrap();
        assert_eq!(config, Config::default());
    }

    #[test]
    fn a_misspelt_setting_is_named_with_the_nearest() {
        assert_eq!(
            message("[server]\nlistne = \"a\""),
            "unknown setting server.listne; did you mean server.listen?"
        );
        assert_eq!(
            message("[sever]\n"),
            "unknown setting sever; did you mean server?"
        );
        assert_eq!(
            message("public_url = \"a\""),
            "unknown setting public_url; did you mean server.public_url?"
        );
        assert_eq!(
            message("[server]\nxyzzy = 1"),
            "unknown setting server.xyzzy"
        );
    }

    #[test]
    fn a_wrong_value_names_its_setting() {
        let text = message("[limits]\nupload_bytes = \"many\"");
        assert!(text.starts_with("limits.upload_bytes: "), "{text}");
        let text = message("[server]\nlisten = \"everywhere\"");
        assert!(text.starts_with("server.listen: "), "{text}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let environment = Environment::from([
            ("ABSAH_SERVER_LISTEN", "0.0.0.0:443"),
            ("ABSAH_SERVER_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.0/24"),
            ("ABSAH_AUTHORITY_DEMONSTRATION", "false"),
            ("ABSAH_LIMITS_UPLOAD_BYTES", "1000"),
            ("ABSAH_CORPORA", "elsewhere"),
        ]);
        let config = load(None, &environment).unwrap();
        assert_eq!(config.server.listen.port(), 443);
        assert_eq!(config.server.trusted_proxies.len(), 2);
        assert!(!config.authority.demonstration);
        assert_eq!(config.limits.upload_bytes, 1000);
    }

    #[test]
    fn a_misspelt_variable_is_named_with_the_nearest() {
        let environment = Environment::from([("ABSAH_SERVER_LISTN", "a")]);
        assert_eq!(
            load(None, &environment).unwrap_err().to_string(),
            "unknown setting ABSAH_SERVER_LISTN; did you mean ABSAH_SERVER_LISTEN?"
        );
    }

    #[test]
    fn the_table_names_every_setting_and_no_other() {
        for setting in SETTINGS {
            let value = match (setting.shape, setting.key) {
                (Shape::Number, _) => "1",
                // Whatever it is not by default.
                (Shape::Flag, "offline") => "true",
                (Shape::Flag, _) => "false",
                (_, "listen") => "127.0.0.1:1",
                (_, "trusted_proxies") => "10.0.0.0/8",
                (_, "format") => "json",
                (_, "zone") => "WIT",
                _ => "text",
            };
            let environment = Environment::from([(setting.variable().as_str(), value)]);
            let set = load(None, &environment).unwrap_or_else(|error| panic!("{error}"));
            assert_ne!(set, Config::default(), "{}", setting.variable());
        }
    }
}
