//! What is checked, and what mends it. Each check is made as far as those before let it be.

mod authority;
mod clock;
mod configuration;
mod database;
mod folder;
mod foreign;
mod people;

use super::Check;
use crate::cli::instance::{Instance, Others};
use crate::cli::settings::InstanceArguments;
use crate::storage::Schema;

/// All checks.
pub(super) async fn all(arguments: &InstanceArguments) -> Vec<Check> {
    let config = match arguments.unchecked() {
        Ok(config) => config,
        Err(error) => {
            let mend = "mend the configuration, then run the doctor again";
            return vec![Check::error("configuration", error.to_string(), mend)];
        }
    };
    let mut checks = configuration::check(&config);
    checks.push(clock::check(&config));
    checks.extend(folder::check(&config.storage.data));
    let others = Others::of(&config);
    checks.extend(foreign::anchors(&others));
    let (database, schema) = database::check(&config).await;
    checks.push(database);
    checks.extend(authority::certificates(&config));
    if let Ok(others) = &others {
        checks.extend(foreign::authorities(&config, others).await);
    }
    // An older schema would be changed by opening it.
    if schema == Some(Schema::Current)
        && let Ok(instance) = Instance::open(config).await
    {
        checks.extend(authority::at_work(&instance).await);
        if let Ok(others) = &others {
            checks.extend(people::check(&instance, others).await);
        }
        instance.database.close().await;
    }
    checks
}
