//! Who gets into the console: what is used once is used once, on both databases.

use absah::domain::ceremonies::{CEREMONY_LIFETIME, Ceremony, Ritual};
use absah::domain::credentials::{AddedBy, Credential, CredentialId};
use absah::domain::ids::{CeremonyId, InvitationId, SessionId};
use absah::domain::invitations::{INVITATION_LIFETIME, Invitation, Purpose};
use absah::domain::sessions::Session;
use absah::kernel::hash::Sha256;
use absah::services::ports::{Changes, CommitError, EntryWrite, Ledger, Passkeys};
use time::Duration;

use crate::world::{NOW, World, both};

both!(
    an_invitation_is_spent_once_and_by_a_newer_one,
    a_ceremony_is_taken_once,
    a_passkeys_counter_rises_from_what_was_read,
    an_ended_passkey_is_used_no_more,
    a_session_is_found_by_its_cookie_until_it_ends,
);

async fn write(world: &World, write: EntryWrite) -> Result<(), CommitError> {
    world.store.commit(Changes::new().with(write.into())).await
}

fn invitation(world: &World, number: u8) -> Invitation {
    Invitation {
        id: InvitationId::new(NOW, [number; 10]),
        person: world.reviewer.id,
        purpose: Purpose::Enrolment,
        by: Some(world.signatory.id),
        at: NOW,
        expires: NOW + INVITATION_LIFETIME,
        spent: None,
    }
}

fn credential(world: &World, id: &[u8]) -> Credential {
    Credential {
        id: CredentialId::new(id).unwrap(),
        person: world.signatory.id,
        public_key: vec![0xa0],
        sign_count: 3,
        backup_eligible: true,
        backed_up: false,
        prf: true,
        label: "Ponsel".into(),
        added: NOW,
        added_by: AddedBy::Invitation {
            invitation: InvitationId::new(NOW, [1; 10]),
        },
        used: NOW,
        ended: None,
    }
}

async fn an_invitation_is_spent_once_and_by_a_newer_one(world: World) {
    let (first, second) = (invitation(&world, 1), invitation(&world, 2));
    let (one, two) = (Sha256::of(b"one"), Sha256::of(b"two"));
    let add = |invitation: &Invitation, token| EntryWrite::AddInvitation(invitation.clone(), token);
    write(&world, add(&first, one)).await.unwrap();
    let store = &world.store;
    let found = store.invitation_by_token(&one).await.unwrap();
    assert_eq!(found, Some(first.clone()));
    write(&world, add(&second, two)).await.unwrap();
    let found = store.invitation_by_token(&one).await.unwrap().unwrap();
    assert_eq!(found.spent, Some(NOW));
    let spend = |id| EntryWrite::SpendInvitation(id, NOW);
    let refused = write(&world, spend(first.id)).await;
    assert_eq!(refused, Err(CommitError::Stale("the invitation")));
    write(&world, spend(second.id)).await.unwrap();
    assert!(write(&world, spend(second.id)).await.is_err());
    let all = store.invitations_of(&world.reviewer.id).await.unwrap();
    assert_eq!(all.len(), 2);
    let none = store.invitation_by_token(&Sha256::of(b"three")).await;
    assert_eq!(none.unwrap(), None);
}

async fn a_ceremony_is_taken_once(world: World) {
    let ceremony = |number: u8, expires| Ceremony {
        id: CeremonyId::new(NOW, [number; 10]),
        challenge: [number; 32],
        purpose: Ritual::SignIn,
        expires,
    };
    let one = ceremony(1, NOW + CEREMONY_LIFETIME);
    write(&world, EntryWrite::AddCeremony(one.clone()))
        .await
        .unwrap();
    assert_eq!(
        world.store.take_ceremony(&one.id).await.unwrap(),
        Some(one.clone())
    );
    assert_eq!(world.store.take_ceremony(&one.id).await.unwrap(), None);
    let old = ceremony(2, NOW - Duration::HOUR);
    write(&world, EntryWrite::AddCeremony(old.clone()))
        .await
        .unwrap();
    write(&world, EntryWrite::AddCeremony(one)).await.unwrap();
    assert_eq!(world.store.take_ceremony(&old.id).await.unwrap(), None);
}

async fn a_passkeys_counter_rises_from_what_was_read(world: World) {
    let known = credential(&world, b"a");
    write(&world, EntryWrite::AddCredential(Box::new(known.clone())))
        .await
        .unwrap();
    let used = Credential {
        sign_count: 4,
        ..known.clone()
    };
    let raise = |before| EntryWrite::UseCredential(Box::new(used.clone()), before);
    write(&world, raise(3)).await.unwrap();
    let again = write(&world, raise(3)).await;
    assert_eq!(again, Err(CommitError::Stale("the passkey")));
    let found = world.store.credential(&known.id).await.unwrap();
    assert_eq!(found, Some(used));
    assert!(
        write(&world, EntryWrite::AddCredential(Box::new(known)))
            .await
            .is_err()
    );
}

async fn an_ended_passkey_is_used_no_more(world: World) {
    let known = credential(&world, b"a");
    write(&world, EntryWrite::AddCredential(Box::new(known.clone())))
        .await
        .unwrap();
    let ended = Credential {
        ended: Some(NOW),
        ..known.clone()
    };
    write(&world, EntryWrite::EndCredential(Box::new(ended.clone())))
        .await
        .unwrap();
    let used = EntryWrite::UseCredential(Box::new(known), 3);
    assert!(write(&world, used).await.is_err());
    let all = world.store.credentials_of(&world.signatory.id).await;
    assert_eq!(all.unwrap(), [ended]);
}

async fn a_session_is_found_by_its_cookie_until_it_ends(world: World) {
    let known = credential(&world, b"a");
    write(&world, EntryWrite::AddCredential(Box::new(known.clone())))
        .await
        .unwrap();
    let session = |number: u8| Session {
        id: SessionId::new(NOW, [number; 10]),
        person: world.signatory.id,
        credential: known.id.clone(),
        opened: NOW,
        seen: NOW,
        proven: NOW,
        ended: None,
    };
    let (one, two) = (session(1), session(2));
    let (cookie, other) = (Sha256::of(b"one"), Sha256::of(b"two"));
    write(&world, EntryWrite::AddSession(one.clone(), cookie))
        .await
        .unwrap();
    write(&world, EntryWrite::AddSession(two.clone(), other))
        .await
        .unwrap();
    let later = NOW + Duration::MINUTE;
    world.store.see_session(&one.id, later).await.unwrap();
    write(&world, EntryWrite::ProveSession(one.id, later))
        .await
        .unwrap();
    let found = world.store.session_by_token(&cookie).await.unwrap();
    let seen = Session {
        seen: later,
        proven: later,
        ..one.clone()
    };
    assert_eq!(found, Some(seen));
    write(&world, EntryWrite::EndSession(one.id, later))
        .await
        .unwrap();
    let refused = write(&world, EntryWrite::ProveSession(one.id, later)).await;
    assert_eq!(refused, Err(CommitError::Stale("the session")));
    let ended = world.store.session(&one.id).await.unwrap().unwrap();
    assert_eq!(ended.ended, Some(later));
    write(&world, EntryWrite::EndSessionsOf(world.signatory.id, later))
        .await
        .unwrap();
    let ended = world.store.session_by_token(&other).await.unwrap().unwrap();
    assert_eq!(ended.ended, Some(later));
    assert_eq!(
        world
            .store
            .session_by_token(&Sha256::of(b"x"))
            .await
            .unwrap(),
        None
    );
}
