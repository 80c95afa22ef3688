//! Closing a database that others still hold.

use absah::services::ports::{Accounts, Changes, Ledger, Write};

use crate::world::{World, both};

both!(a_closed_database_refuses_and_opens_again);

async fn a_closed_database_refuses_and_opens_again(world: World) {
    let clone = world.store.clone();
    world.store.close().await;
    let changes = || Changes::new().with(Write::SaveSetting("a".into(), "b".into()));
    assert!(clone.commit(changes()).await.is_err());
    assert!(clone.clients().await.is_err());
    let again = world.open_again().await;
    again.commit(changes()).await.unwrap();
    assert_eq!(again.clients().await.unwrap().len(), 1);
}
